package rapport

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Form is a list of typed fields that agents fill in for a conversation; their
// values are in its fields (S3-85).
type Form struct {
	ID         FormID      `json:"id"`
	Name       string      `json:"name"`
	Help       string      `json:"help,omitempty"`
	Position   int         `json:"position,omitempty"`
	Fields     []FormField `json:"fields"`
	DefaultFor []QueueID   `json:"default_for,omitempty" doc:"Queues whose conversations have this form unless another one is chosen."`
	UpdatedAt  time.Time   `json:"updated_at"`
}

// FormField is one question of a form.
type FormField struct {
	Name            string    `json:"name" doc:"Of the field of the conversation: lower case letters, digits and underscores."`
	Label           string    `json:"label"`
	Type            FieldType `json:"type" enum:"text,number,date,choice,multi,yesno,url"`
	Help            string    `json:"help,omitempty"`
	Default         string    `json:"default,omitempty" doc:"Put into the empty field when the form is chosen, or a conversation is begun with it; offered while there is no value."`
	Choices         []string  `json:"choices,omitempty" doc:"Of a choice or several."`
	Required        bool      `json:"required,omitempty" doc:"It cannot be emptied again."`
	RequiredOnSolve bool      `json:"required_on_solve,omitempty" doc:"Without it nobody can solve or close the conversation."`
}

// FieldType is what a field of a form takes.
type FieldType string

const (
	FieldText   FieldType = "text"
	FieldNumber FieldType = "number" // decimal point, no separators
	FieldDate   FieldType = "date"   // 2026-04-01
	FieldChoice FieldType = "choice"
	FieldMulti  FieldType = "multi" // choices, one per line
	FieldYesNo  FieldType = "yesno" // yes or no
	FieldURL    FieldType = "url"
)

const (
	// MostForms is how many forms there may be.
	MostForms = 200

	mostFormFields  = 40
	mostFormChoices = 100
	mostTopic       = 200
	mostSummary     = 4000
)

var number = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,10})?$`)

// Validate checks and trims what an admin typed.
func (f *Form) Validate() error {
	var err error
	if f.Name, err = shortText("name", f.Name, 1, 80); err != nil {
		return err
	}
	if f.Help, err = shortText("help", f.Help, 0, 300); err != nil {
		return err
	}
	if len(f.Fields) == 0 || len(f.Fields) > mostFormFields {
		return Invalidf("fields", "A form has 1 to %d fields; this one has %d.", mostFormFields, len(f.Fields))
	}
	names := map[string]bool{}
	for i := range f.Fields {
		at := "fields." + strconv.Itoa(i) + "."
		if err := f.Fields[i].validate(at); err != nil {
			return err
		}
		if names[f.Fields[i].Name] {
			return Invalidf(at+"name", "Two fields of the form are called %s.", f.Fields[i].Name)
		}
		names[f.Fields[i].Name] = true
	}
	if len(f.DefaultFor) > mostQueuesOf {
		return Invalidf("default_for", "At most %d queues.", mostQueuesOf)
	}
	return nil
}

func (f *FormField) validate(at string) error {
	var err error
	if !fieldName.MatchString(f.Name) {
		return Invalidf(at+"name", "%q is not the name of a field: lower case letters, digits and underscores, at most 40.", f.Name)
	}
	if f.Label, err = shortText(at+"label", f.Label, 1, 80); err != nil {
		return err
	}
	if f.Help, err = shortText(at+"help", f.Help, 0, 300); err != nil {
		return err
	}
	switch f.Type {
	case FieldChoice, FieldMulti:
		if f.Choices, err = formChoices(at+"choices", f.Choices); err != nil {
			return err
		}
	case FieldText, FieldNumber, FieldDate, FieldYesNo, FieldURL:
		f.Choices = nil
	default:
		return Invalidf(at+"type", "%q is not a type; use text, number, date, choice, multi, yesno or url.", f.Type)
	}
	if f.Default == "" {
		return nil
	}
	f.Default, err = f.Value(at+"default", f.Default)
	return err
}

func formChoices(field string, list []string) ([]string, error) {
	var choices []string
	for _, c := range list {
		c, err := shortText(field, c, 1, 80)
		if err != nil {
			return nil, err
		}
		if slices.Contains(choices, c) {
			return nil, Invalidf(field, "The choice %q is there twice.", c)
		}
		choices = append(choices, c)
	}
	if len(choices) == 0 || len(choices) > mostFormChoices {
		return nil, Invalidf(field, "1 to %d choices are needed; there are %d.", mostFormChoices, len(choices))
	}
	return choices, nil
}

// Value checks a value of the field and brings it into the form in which it is
// kept; field names it in the error.
func (f *FormField) Value(field, value string) (string, error) {
	value = strings.TrimSpace(value)
	switch f.Type {
	case FieldNumber:
		if !number.MatchString(value) {
			return "", Invalidf(field, "%s is a number, such as 12 or 12.5; %q is not.", f.Label, value)
		}
	case FieldDate:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "", Invalidf(field, "%s is a date, such as 2026-04-01; %q is not.", f.Label, value)
		}
	case FieldChoice:
		if !slices.Contains(f.Choices, value) {
			return "", Invalidf(field, "%s is one of %s; %q is not.", f.Label, strings.Join(f.Choices, ", "), value)
		}
	case FieldMulti:
		chosen := strings.Split(value, "\n")
		for i, c := range chosen {
			if chosen[i] = strings.TrimSpace(c); !slices.Contains(f.Choices, chosen[i]) {
				return "", Invalidf(field, "%s takes %s; %q is none of them.", f.Label, strings.Join(f.Choices, ", "), chosen[i])
			}
		}
		kept := slices.DeleteFunc(slices.Clone(f.Choices), func(c string) bool { return !slices.Contains(chosen, c) })
		return strings.Join(kept, "\n"), nil
	case FieldYesNo:
		if value != "yes" && value != "no" {
			return "", Invalidf(field, "%s is yes or no; %q is neither.", f.Label, value)
		}
	case FieldURL:
		u, err := url.Parse(value)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return "", Invalidf(field, "%s is a web address that begins with https://; %q is not.", f.Label, value)
		}
	}
	if !utf8.ValidString(value) || len(value) > 2000 {
		return "", Invalidf(field, "%s takes at most 2000 bytes.", f.Label)
	}
	return value, nil
}

// Field finds a field by its name.
func (f *Form) Field(name string) *FormField {
	if i := slices.IndexFunc(f.Fields, func(v FormField) bool { return v.Name == name }); i >= 0 {
		return &f.Fields[i]
	}
	return nil
}

// Missing are the fields that stand in the way of solving: required for that,
// and without a valid value.
func (f *Form) Missing(values map[string]string) (missing []FormField) {
	for _, field := range f.Fields {
		if field.RequiredOnSolve {
			if _, err := field.Value("", values[field.Name]); err != nil || values[field.Name] == "" {
				missing = append(missing, field)
			}
		}
	}
	return missing
}

// ValidTopic checks and trims what a conversation is about.
func ValidTopic(field, s string) (string, error) { return shortText(field, s, 0, mostTopic) }

// ValidSummary checks and trims what happened in a conversation.
func ValidSummary(field, s string) (string, error) {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"))
	if len(s) > mostSummary {
		return "", Invalidf(field, "The summary is %d bytes long; at most %d are allowed.", len(s), mostSummary)
	}
	return s, nil
}
