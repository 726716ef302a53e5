package rapport

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Card is a box of the side panel that shows what another system knows of a
// customer or a conversation, and may let agents change it there (S3-73).
type Card struct {
	ID       CardID    `json:"id"`
	Name     string    `json:"name"`
	Enabled  bool      `json:"enabled"`
	Position int       `json:"position"`
	Queues   []QueueID `json:"queues,omitempty" doc:"In whose conversations it is shown; empty: in all."`
	CardSource
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
}

// CardSource is where a card has its fields from, and how it writes them back.
type CardSource struct {
	Method       string       `json:"method" enum:"GET,POST" doc:"Of the request that reads."`
	URL          string       `json:"url" doc:"With {{variables}}, e.g. https://crm.example.com/customers?email={{contact.email}}. What is put in is percent-encoded; without a value nothing is asked, unless the variable ends with a question mark: {{contact.phone?}}."`
	Body         string       `json:"body,omitempty" doc:"JSON of a POST, with {{variables}} inside its texts."`
	Headers      []CardHeader `json:"headers,omitempty" doc:"Of every request, e.g. Authorization."`
	Seconds      int          `json:"timeout_seconds" doc:"How long the source may take: 1 to 20."`
	CacheSeconds int          `json:"cache_seconds" doc:"How long an answer is shown without asking again: 0 to 3600."`
	Fields       []CardField  `json:"fields"`
	Write        *CardWrite   `json:"write,omitempty" doc:"How editable fields are written back."`
}

// CardHeader is a header of the requests of a card.
type CardHeader struct {
	Name   string `json:"name"`
	Value  string `json:"value" doc:"A secret is shown as ***; what is *** stays as it is."`
	Secret bool   `json:"secret,omitempty" doc:"The value is sealed, and never shown again."`
}

// CardField is one value of a card.
type CardField struct {
	Name     string    `json:"name" doc:"Lower case letters, digits and underscores."`
	Label    string    `json:"label"`
	Type     FieldType `json:"type" enum:"text,number,date,url,yesno,choice"`
	Choices  []string  `json:"choices,omitempty"`
	Path     string    `json:"path" doc:"JSONPath (RFC 9535) into the answer, e.g. $.orders[0].number."`
	Editable bool      `json:"editable,omitempty"`
	Target   string    `json:"target,omitempty" doc:"Where the value stands in the body that is written back: names with dots between them, e.g. address.city."`
}

// CardWrite is the request that writes fields back.
type CardWrite struct {
	Method string `json:"method" enum:"PUT,PATCH,POST"`
	URL    string `json:"url" doc:"With {{variables}} as in the address that reads, and {{card.NAME}} for values that the card shows."`
}

const (
	// MostCards is how many cards there may be.
	MostCards = 30

	mostCardFields  = 40
	mostCardHeaders = 10
	mostCardURL     = 1000
	mostCardBody    = 8000
)

var (
	headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$")
	cardTarget = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}(\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,4}$`)
)

// ownHeaders are set by Rapport or by the connection.
var ownHeaders = []string{"host", "content-length", "content-type", "connection", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "expect", "proxy-authorization", "proxy-connection",
	"idempotency-key", "if-match", "webhook-id", "webhook-timestamp", "webhook-signature", "rapport-agent-id", "user-agent", "accept-encoding"}

// ShownIn tells whether the card belongs to the conversations of a queue.
func (c *Card) ShownIn(q QueueID) bool {
	return c.Enabled && (len(c.Queues) == 0 || slices.Contains(c.Queues, q))
}

// Field finds a field by its name.
func (c *CardSource) Field(name string) *CardField {
	if i := slices.IndexFunc(c.Fields, func(f CardField) bool { return f.Name == name }); i >= 0 {
		return &c.Fields[i]
	}
	return nil
}

// Value checks what somebody typed into the field; empty is right, too.
func (f *CardField) Value(field, value string) (string, error) {
	if value = strings.TrimSpace(value); value == "" {
		return "", nil
	}
	typed := FormField{Label: f.Label, Type: f.Type, Choices: f.Choices}
	return typed.Value(field, value)
}

// Validate checks and trims what an admin typed; the templates and paths are
// for who fills and follows them.
func (c *Card) Validate() (err error) {
	if c.Name, err = shortText("name", c.Name, 1, 60); err != nil {
		return err
	}
	if len(c.Queues) > mostQueuesOf {
		return Invalidf("queues", "At most %d queues.", mostQueuesOf)
	}
	c.URL, c.Body = strings.TrimSpace(c.URL), strings.TrimSpace(c.Body)
	switch {
	case c.Method != "GET" && c.Method != "POST":
		return Invalidf("method", "%q does not read; use GET or POST.", c.Method)
	case len(c.URL) > mostCardURL:
		return Invalidf("url", "The address is %d bytes long; at most %d are allowed.", len(c.URL), mostCardURL)
	case c.Method == "GET" && c.Body != "":
		return Invalidf("body", "Only a POST has a body; leave it empty, or read with POST.")
	case len(c.Body) > mostCardBody:
		return Invalidf("body", "The body is %d bytes long; at most %d are allowed.", len(c.Body), mostCardBody)
	case c.Seconds < 1 || c.Seconds > 20:
		return Invalidf("timeout_seconds", "Between 1 and 20 seconds; %d is not.", c.Seconds)
	case c.CacheSeconds < 0 || c.CacheSeconds > 3600:
		return Invalidf("cache_seconds", "Between 0 and 3600 seconds; %d is not.", c.CacheSeconds)
	}
	if err := c.validHeaders(); err != nil {
		return err
	}
	return c.validFields()
}

func (c *Card) validHeaders() error {
	if len(c.Headers) > mostCardHeaders {
		return Invalidf("headers", "At most %d headers; there are %d.", mostCardHeaders, len(c.Headers))
	}
	seen := map[string]bool{}
	for i := range c.Headers {
		h, at := &c.Headers[i], "headers."+strconv.Itoa(i)
		h.Name, h.Value = strings.TrimSpace(h.Name), strings.TrimSpace(h.Value)
		low := strings.ToLower(h.Name)
		switch {
		case !headerName.MatchString(h.Name):
			return Invalidf(at+".name", "%q is not the name of a header; Authorization is, for example.", h.Name)
		case slices.Contains(ownHeaders, low):
			return Invalidf(at+".name", "%s is set by Rapport itself; leave it out.", h.Name)
		case seen[low]:
			return Invalidf(at+".name", "The header %s is there twice.", h.Name)
		case h.Value == "" || len(h.Value) > 4000 || strings.ContainsFunc(h.Value, func(r rune) bool { return r < ' ' || r == 0x7f }):
			return Invalidf(at+".value", "The header %s needs a value of one line, at most 4000 bytes.", h.Name)
		}
		seen[low] = true
	}
	return nil
}

func (c *Card) validFields() (err error) {
	if len(c.Fields) == 0 || len(c.Fields) > mostCardFields {
		return Invalidf("fields", "A card has 1 to %d fields; this one has %d.", mostCardFields, len(c.Fields))
	}
	names, editable := map[string]bool{}, false
	for i := range c.Fields {
		f, at := &c.Fields[i], "fields."+strconv.Itoa(i)+"."
		f.Path, f.Target = strings.TrimSpace(f.Path), strings.TrimSpace(f.Target)
		if f.Label, err = shortText(at+"label", f.Label, 1, 60); err != nil {
			return err
		}
		switch f.Type {
		case FieldChoice:
			if f.Choices, err = formChoices(at+"choices", f.Choices); err != nil {
				return err
			}
		case FieldText, FieldNumber, FieldDate, FieldYesNo, FieldURL:
			f.Choices = nil
		default:
			return Invalidf(at+"type", "%q is not a type; use text, number, date, url, yesno or choice.", f.Type)
		}
		switch {
		case !fieldName.MatchString(f.Name):
			return Invalidf(at+"name", "%q is not the name of a field: lower case letters, digits and underscores, at most 40, a letter first.", f.Name)
		case names[f.Name]:
			return Invalidf(at+"name", "Two fields are called %s.", f.Name)
		case f.Path == "" || len(f.Path) > 300:
			return Invalidf(at+"path", "A path into the answer is needed, such as $.customer.name, with at most 300 characters.")
		case f.Editable && !cardTarget.MatchString(f.Target):
			return Invalidf(at+"target", "An editable field needs a place in the body that is written back, such as address.city.")
		}
		if !f.Editable {
			f.Target = ""
		}
		for _, other := range c.Fields[:i] {
			if f.Editable && other.Editable && (f.Target+"." == other.Target+"." || strings.HasPrefix(f.Target+".", other.Target+".") || strings.HasPrefix(other.Target+".", f.Target+".")) {
				return Invalidf(at+"target", "%s and %s stand in each other's way in the body; give each a place of its own.", other.Target, f.Target)
			}
		}
		names[f.Name], editable = true, editable || f.Editable
	}
	if !editable {
		c.Write = nil
		return nil
	}
	if c.Write == nil {
		return Invalidf("write.url", "There are editable fields; say where they are written to.")
	}
	c.Write.URL = strings.TrimSpace(c.Write.URL)
	switch {
	case !slices.Contains([]string{"PUT", "PATCH", "POST"}, c.Write.Method):
		return Invalidf("write.method", "%q does not write; use PUT, PATCH or POST.", c.Write.Method)
	case len(c.Write.URL) > mostCardURL:
		return Invalidf("write.url", "The address is %d bytes long; at most %d are allowed.", len(c.Write.URL), mostCardURL)
	}
	return nil
}
