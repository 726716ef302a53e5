// Package option lets adapters describe their own settings: forms, docs and
// validation are made from the description, and secrets are told apart from
// what may be shown.
package option

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/lib/secretbox"
)

// Type is what an option holds.
type Type string

const (
	String   Type = "string" // one line
	Text     Type = "text"   // several lines
	Bool     Type = "bool"
	Int      Type = "int"
	URL      Type = "url"      // http or https
	Color    Type = "color"    // #rrggbb
	List     Type = "list"     // of strings
	Secret   Type = "secret"   // kept sealed, shown once
	Workflow Type = "workflow" // the id of one
)

// Option describes one setting.
type Option struct {
	Name     string   `json:"name" doc:"Word for programs: lower case, digits and underscores."`
	Type     Type     `json:"type" enum:"string,text,bool,int,url,color,list,secret,workflow"`
	Label    string   `json:"label"`
	Help     string   `json:"help"`
	Default  any      `json:"default,omitempty"`
	Required bool     `json:"required"`
	Secret   bool     `json:"secret" doc:"Never shown again."`
	Example  string   `json:"example,omitempty"`
	Choices  []string `json:"choices,omitempty" doc:"The only values allowed."`

	// Prefix is set for secrets that we make up when the thing is created;
	// their values begin with it.
	Prefix string `json:"prefix,omitempty" doc:"We make up this secret, beginning with this, and show it once; other secrets are typed."`
	// Most is how many bytes a text may have; 0 stands for 4000.
	Most int `json:"-"`
	// Check refuses more than the type does.
	Check func(Values) error `json:"-"`
	// Fit brings a value that somebody gives into the form that is kept, or says in
	// a sentence what is wrong with it. What is kept already goes on as it is.
	Fit func(value any) (fit any, wrong string) `json:"-"`
}

// Generated tells whether we make up the value of this option.
func (o Option) Generated() bool { return o.Prefix != "" }

// Generate makes up a value: the prefix and 256 random bits in base64.
func (o Option) Generate() secretbox.Secret {
	key := make([]byte, 32)
	rand.Read(key)
	return secretbox.Secret(o.Prefix + base64.StdEncoding.EncodeToString(key))
}

// AtLeast is the Fit of secrets that must not be guessed: so many characters.
func AtLeast(least int) func(any) (any, string) {
	return func(value any) (any, string) {
		if s, _ := value.(secretbox.Secret); len(s) < least {
			return value, fmt.Sprintf("at least %d characters are needed that nobody can guess.", least)
		}
		return value, ""
	}
}

// WebhookSecret is the Fit of a secret of Standard Webhooks 1.0: a prefix and
// between 24 and 64 random bytes in base64.
func WebhookSecret(value any) (any, string) {
	s, _ := value.(secretbox.Secret)
	text, prefixed := strings.CutPrefix(s.Reveal(), "whsec_")
	if key, err := base64.StdEncoding.DecodeString(text); err != nil || !prefixed || len(key) < 24 || len(key) > 64 {
		return value, "whsec_ is expected, and after it 24 to 64 random bytes in base64."
	}
	return value, ""
}

// Set is all that one kind of thing can be set to.
type Set struct {
	Owner   string // begins sentences, e.g. "The channel Web chat"
	Options []Option
}

// Values are the decoded options of one thing. The getters panic on a name or
// type that was not declared: that is a mistake in the program.
type Values struct {
	set    Set
	values map[string]any
}

// Format prints whose options they are and no value: the methods of a secret
// are out of fmt's reach in here.
func (v Values) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "options of %s", v.set.Owner)
}

// String returns the value of an option of type string, text, url or color.
func (v Values) String(name string) string { return get[string](v, name) }

// Bool returns the value of an option of type bool.
func (v Values) Bool(name string) bool { return get[bool](v, name) }

// Int returns the value of an option of type int.
func (v Values) Int(name string) int { return get[int](v, name) }

// List returns the value of an option of type list; it must not be changed.
func (v Values) List(name string) []string { return get[[]string](v, name) }

// Secret returns the value of an option of type secret.
func (v Values) Secret(name string) secretbox.Secret { return get[secretbox.Secret](v, name) }

func get[T any](v Values, name string) T {
	value, ok := v.values[name].(T)
	if !ok {
		panic(fmt.Sprintf("%s declares no option %q of type %T", v.set.Owner, name, value))
	}
	return value
}

// Open returns the options that may be shown and stored as they are.
func (v Values) Open() map[string]any {
	open := map[string]any{}
	for _, o := range v.set.Options {
		if o.Type != Secret {
			open[o.Name] = v.values[o.Name]
		}
	}
	return open
}

// Secrets returns the secrets that have a value, by name.
func (v Values) Secrets() map[string]secretbox.Secret {
	secrets := map[string]secretbox.Secret{}
	for _, o := range v.set.Options {
		if s, ok := v.values[o.Name].(secretbox.Secret); ok && s != "" {
			secrets[o.Name] = s
		}
	}
	return secrets
}

// Decode reads options as they come from JSON, fills in defaults, and refuses
// what was not declared or cannot be used; errors name the field. A required
// secret may be absent only if we generate it.
func (s Set) Decode(raw map[string]any) (Values, error) {
	v := Values{set: s, values: map[string]any{}}
	for name := range raw {
		if !slices.ContainsFunc(s.Options, func(o Option) bool { return o.Name == name }) {
			return v, rapport.Invalidf("options."+name, "%s has no option %q.", s.Owner, name)
		}
	}
	for _, o := range s.Options {
		value, given := raw[o.Name]
		if !given || value == nil {
			value = o.Default
		}
		decoded, err := o.decode(value)
		if err != nil {
			return v, err
		}
		v.values[o.Name] = decoded
	}
	for _, o := range s.Options {
		if o.Check == nil {
			continue
		}
		if err := o.Check(v); err != nil {
			if e, ok := errors.AsType[*rapport.Error](err); ok {
				return v, e
			}
			return v, rapport.Invalidf("options."+o.Name, "%s", err)
		}
	}
	return v, nil
}

// Accept is Decode of options that somebody gives. Of those that were there until
// now, others go on as they are; what is new has to fit (Option.Fit).
func (s Set) Accept(raw, was map[string]any) (Values, error) {
	v, err := s.Decode(raw)
	if err != nil {
		return v, err
	}
	for _, o := range s.Options {
		if o.Fit == nil {
			continue
		}
		if before, err := o.decode(was[o.Name]); was != nil && err == nil && reflect.DeepEqual(before, v.values[o.Name]) {
			continue
		}
		fit, wrong := o.Fit(v.values[o.Name])
		if wrong != "" {
			return v, rapport.Invalidf("options."+o.Name, "%s: %s", o.Label, wrong)
		}
		v.values[o.Name] = fit
	}
	return v, nil
}

func (o Option) most() int {
	if o.Most > 0 {
		return o.Most
	}
	return 4000
}

var colorForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (o Option) decode(value any) (any, error) {
	refuse := func(format string, args ...any) (any, error) {
		return nil, rapport.Invalidf("options."+o.Name, "%s: %s", o.Label, fmt.Sprintf(format, args...))
	}
	switch o.Type {
	case Bool:
		b, ok := value.(bool)
		if !ok && value != nil {
			return refuse("true or false is expected.")
		}
		return b, nil
	case Int:
		switch n := value.(type) {
		case nil:
			return 0, nil
		case int:
			return n, nil
		case float64:
			if n == math.Trunc(n) && math.Abs(n) <= math.MaxInt32 {
				return int(n), nil
			}
		}
		return refuse("a whole number is expected.")
	case List:
		return o.decodeList(value, refuse)
	}
	var text string
	switch s := value.(type) {
	case nil:
	case string:
		text = s
	case secretbox.Secret:
		text = s.Reveal()
	default:
		return refuse("a text is expected.")
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > o.most() {
		return refuse("the text has characters that cannot be stored, or more than %d bytes.", o.most())
	}
	if o.Type != Text {
		text = strings.TrimSpace(text)
		if strings.ContainsAny(text, "\r\n") {
			return refuse("one line is expected.")
		}
	}
	if text == "" {
		if o.Required && !o.Generated() {
			return refuse("a value is needed.")
		}
	} else if wrong := o.wrong(text); wrong != "" {
		return refuse("%s", wrong)
	}
	switch o.Type {
	case Secret:
		return secretbox.Secret(text), nil
	case Color:
		return strings.ToLower(text), nil
	}
	return text, nil
}

// wrong says in a sentence what is wrong with the form of a text, "" if nothing.
func (o Option) wrong(text string) string {
	if len(o.Choices) > 0 && !slices.Contains(o.Choices, text) {
		return fmt.Sprintf("%q is not one of %s.", text, strings.Join(o.Choices, ", "))
	}
	switch o.Type {
	case Color:
		if !colorForm.MatchString(strings.ToLower(text)) {
			return fmt.Sprintf("%q is not a colour such as #2563eb.", text)
		}
	case URL:
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
			return fmt.Sprintf("%q is not an address such as https://example.com/hook.", text)
		}
	}
	return ""
}

func (o Option) decodeList(value any, refuse func(string, ...any) (any, error)) (any, error) {
	list := []string{}
	switch entries := value.(type) {
	case nil:
	case []string:
		list = append(list, entries...)
	case []any:
		for _, entry := range entries {
			text, ok := entry.(string)
			if !ok {
				return refuse("a list of texts is expected.")
			}
			list = append(list, text)
		}
	default:
		return refuse("a list of texts is expected.")
	}
	if len(list) > 100 {
		return refuse("at most 100 entries are allowed.")
	}
	for i, text := range list {
		text = strings.TrimSpace(text)
		if text == "" || len(text) > 500 || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n\x00") {
			return refuse("entry %d is empty, too long, or more than one line.", i+1)
		}
		list[i] = text
	}
	if o.Required && len(list) == 0 {
		return refuse("at least one entry is needed.")
	}
	return list, nil
}

var wordForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// IsWord tells whether s is a word for programs: lower case, digits, underscores.
func IsWord(s string) bool { return wordForm.MatchString(s) }

// Check refuses a description that forms and docs could not be made from.
func (s Set) Check() error {
	seen := map[string]bool{}
	for _, o := range s.Options {
		switch {
		case !wordForm.MatchString(o.Name) || o.Label == "" || o.Help == "":
			return fmt.Errorf("option %q needs a name in lower case, a label and a help text", o.Name)
		case seen[o.Name]:
			return fmt.Errorf("option %q is declared twice", o.Name)
		case !slices.Contains([]Type{String, Text, Bool, Int, URL, Color, List, Secret, Workflow}, o.Type):
			return fmt.Errorf("option %q has the unknown type %q", o.Name, o.Type)
		case o.Secret != (o.Type == Secret):
			return fmt.Errorf("option %q: Secret and the type secret go together", o.Name)
		case o.Generated() && o.Type != Secret:
			return fmt.Errorf("option %q: only secrets are generated", o.Name)
		case o.Secret && (o.Default != nil || o.Example != ""):
			return fmt.Errorf("option %q: a secret has neither default nor example", o.Name)
		}
		seen[o.Name] = true
		if o.Default != nil {
			if _, err := o.decode(o.Default); err != nil {
				return fmt.Errorf("default: %w", err)
			}
		}
	}
	return nil
}
