package rapport

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	mostTags   = 30
	mostFields = 50
)

var (
	fieldName   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)
)

// ValidTag checks and trims one tag.
func ValidTag(tag string) (string, error) {
	tag = strings.Join(strings.Fields(tag), " ")
	if tag == "" || utf8.RuneCountInString(tag) > 40 {
		return "", Invalidf("tags", "A tag has 1 to 40 characters.")
	}
	return tag, nil
}

// WithTags returns tags with some added and some removed, without doubles, in
// their order; changed tells whether that made a difference.
func WithTags(tags, add, remove []string) (now []string, changed bool, err error) {
	for _, t := range tags {
		if !slices.Contains(remove, t) {
			now = append(now, t)
		}
	}
	for _, t := range add {
		if t, err = ValidTag(t); err != nil {
			return nil, false, err
		}
		if !slices.Contains(now, t) {
			now = append(now, t)
		}
	}
	if len(now) > mostTags {
		return nil, false, Invalidf("tags", "At most %d tags are allowed.", mostTags)
	}
	return now, !slices.Equal(now, tags), nil
}

// ValidFields checks names and values of fields.
func ValidFields(field string, fields map[string]string) error {
	if len(fields) > mostFields {
		return Invalidf(field, "At most %d fields are allowed; there are %d.", mostFields, len(fields))
	}
	for name, value := range fields {
		if !fieldName.MatchString(name) {
			return Invalidf(field+"."+name, "%q is not the name of a field: lower case letters, digits and underscores, at most 40.", name)
		}
		if len(value) > 2000 {
			return Invalidf(field+"."+name, "The value is %d bytes long; at most 2000 are allowed.", len(value))
		}
	}
	return nil
}

// WithFields returns fields with others set; an empty value removes one.
func WithFields(fields, others map[string]string) map[string]string {
	now := make(map[string]string, len(fields)+len(others))
	for name, value := range fields {
		now[name] = value
	}
	for name, value := range others {
		if now[name] = value; value == "" {
			delete(now, name)
		}
	}
	if len(now) == 0 {
		return nil
	}
	return now
}
