package rapport

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// MessageTemplate is a text that a provider has approved. Nothing but its variables
// can be changed (S3-45), and the server puts the message together.
type MessageTemplate struct {
	ID        TemplateID         `json:"id"`
	InboxID   InboxID            `json:"inbox_id" doc:"Where it may be sent from."`
	Name      string             `json:"name" doc:"As the provider knows it."`
	Language  string             `json:"language" doc:"As the provider knows it: en, de, pt_BR, …"`
	Category  string             `json:"category,omitempty" doc:"The provider's: utility, marketing, …"`
	Header    string             `json:"header,omitempty"`
	Body      string             `json:"body" doc:"Fixed text with variables: {{1}}, {{2}} or {{names}}."`
	Footer    string             `json:"footer,omitempty"`
	Variables []TemplateVariable `json:"variables" doc:"Those of header and body, in their order; made from the text."`
	Status    TemplateStatus     `json:"status" enum:"approved,pending,paused,rejected"`
	Reason    string             `json:"reason,omitempty" doc:"Why it is paused or rejected."`
	Synced    bool               `json:"synced,omitempty" doc:"The channel brought it, so that only the channel changes it."`
	UpdatedAt time.Time          `json:"updated_at"`
}

// TemplateVariable is a place in a template that whoever sends it fills.
type TemplateVariable struct {
	Name    string `json:"name"`
	Label   string `json:"label,omitempty" doc:"What it is, for the agent."`
	Example string `json:"example,omitempty"`
}

// TemplateStatus is what the provider says of a template. Only approved ones
// can be sent.
type TemplateStatus string

const (
	TemplateApproved TemplateStatus = "approved"
	TemplatePending  TemplateStatus = "pending"
	TemplatePaused   TemplateStatus = "paused"
	TemplateRejected TemplateStatus = "rejected"
)

// TemplateUse is the wish to send a template: which one, and what goes into its
// variables.
type TemplateUse struct {
	ID       TemplateID        `json:"id,omitempty" doc:"Of the template; or its name."`
	Name     string            `json:"name,omitempty" doc:"With a language if there are several of the name."`
	Language string            `json:"language,omitempty"`
	Values   map[string]string `json:"values,omitempty" doc:"By the name of the variable; all are needed."`
}

const (
	// MostTemplates is how many an inbox may have.
	MostTemplates = 500

	mostTemplateValue = 1000
)

var templateName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,120}$`)

// Validate checks and trims what an admin typed or a channel brought, and finds
// the variables.
func (t *MessageTemplate) Validate() error {
	if t.Name = strings.TrimSpace(t.Name); !templateName.MatchString(t.Name) {
		return Invalidf("name", "The name of a template has 1 to 120 letters, digits, dots, dashes or underscores, as at the provider.")
	}
	if t.Language = strings.TrimSpace(t.Language); len(t.Language) < 2 || len(t.Language) > 12 {
		return Invalidf("language", "A template needs its language, such as en or pt_BR.")
	}
	var err error
	if t.Category, err = shortText("category", t.Category, 0, 40); err != nil {
		return err
	}
	if t.Header, err = shortText("header", t.Header, 0, 200); err != nil {
		return err
	}
	if t.Footer, err = shortText("footer", t.Footer, 0, 200); err != nil {
		return err
	}
	if t.Body, err = stockText("body", t.Body); err != nil {
		return err
	}
	if t.Reason, err = shortText("reason", t.Reason, 0, 300); err != nil {
		return err
	}
	switch t.Status {
	case "":
		t.Status = TemplateApproved
	case TemplateApproved, TemplatePending, TemplatePaused, TemplateRejected:
	default:
		return Invalidf("status", "%q is not a status; use approved, pending, paused or rejected.", t.Status)
	}
	names := Blanks(t.Header + "\n" + t.Body)
	if len(names) > 30 {
		return Invalidf("body", "At most 30 variables; there are %d.", len(names))
	}
	if len(Blanks(t.Footer)) > 0 {
		return Invalidf("footer", "A footer has no variables.")
	}
	was := t.Variables
	t.Variables = make([]TemplateVariable, 0, len(names))
	for _, name := range names {
		v := TemplateVariable{Name: name}
		if i := slices.IndexFunc(was, func(v TemplateVariable) bool { return v.Name == name }); i >= 0 {
			if v.Label, err = shortText("variables."+name+".label", was[i].Label, 0, 80); err != nil {
				return err
			}
			if v.Example, err = shortText("variables."+name+".example", was[i].Example, 0, 200); err != nil {
				return err
			}
		}
		t.Variables = append(t.Variables, v)
	}
	return nil
}

// Render puts values into the variables. All are needed, and nothing else is
// taken: the rest of the text is the provider's.
func (t *MessageTemplate) Render(values map[string]string) (string, error) {
	filled := make(map[string]string, len(t.Variables))
	for _, v := range t.Variables {
		value := strings.Join(strings.Fields(values[v.Name]), " ") // providers take no line breaks in variables
		switch {
		case value == "":
			return "", Invalidf("template.values."+v.Name, "The variable %s of the template is empty.", v.shown())
		case len(value) > mostTemplateValue:
			return "", Invalidf("template.values."+v.Name, "The value is %d bytes long; at most %d are allowed.", len(value), mostTemplateValue)
		case len(Blanks(value)) > 0:
			return "", Invalidf("template.values."+v.Name, "The variable %s still has an open field: %s.", v.shown(), value)
		}
		filled[strings.ToLower(v.Name)] = value
	}
	for name := range values {
		if !slices.ContainsFunc(t.Variables, func(v TemplateVariable) bool { return v.Name == name }) {
			return "", Invalidf("template.values."+name, "The template %s has no variable %q.", t.Name, name)
		}
	}
	return FillText(t.Text(), filled), nil
}

// Text is the whole text with its variables.
func (t *MessageTemplate) Text() string {
	parts := []string{}
	for _, part := range []string{t.Header, t.Body, t.Footer} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n")
}

func (v TemplateVariable) shown() string {
	if v.Label != "" {
		return v.Label
	}
	return v.Name
}
