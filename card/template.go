package card

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/theory/jsonpath"

	"rapport"
)

// A variable stands in double braces. Without a value the source is not asked,
// unless a question mark says that it may be empty.
var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Variables are what addresses may hold, besides contact.fields.NAME and
// conversation.fields.NAME.
var Variables = []string{"contact.id", "contact.name", "contact.email", "contact.phone", "contact.external_id", "conversation.id", "conversation.channel",
	"conversation.topic", "conversation.priority", "queue.id", "queue.name", "inbox.id", "inbox.name"}

var fieldVariable = regexp.MustCompile(`^(contact|conversation)\.fields\.[a-z][a-z0-9_]{0,39}$`)

// facts are the values of variables.
type facts map[string]string

// FactsOf are the variables of a conversation and its customer.
func FactsOf(s *rapport.Summary, c *rapport.Contact) map[string]string {
	f := facts{"conversation.id": string(s.ID), "conversation.channel": s.Channel, "conversation.topic": s.Topic, "conversation.priority": string(s.Priority),
		"queue.id": string(s.QueueID), "queue.name": s.QueueName, "inbox.id": string(s.InboxID), "inbox.name": s.InboxName}
	for name, value := range s.Fields {
		f["conversation.fields."+name] = value
	}
	if c != nil && !s.Internal() {
		f.of(c, s.Point)
	}
	return f
}

// FactsOfContact are the variables of a customer alone, to try a card.
func FactsOfContact(c *rapport.Contact) map[string]string {
	f := facts{}
	f.of(c, rapport.Point{})
	return f
}

// of adds what is known of a customer; the address they write from goes first.
func (f facts) of(c *rapport.Contact, from rapport.Point) {
	f["contact.id"], f["contact.name"] = string(c.ID), c.Name
	for _, p := range append([]rapport.Point{from}, c.Points...) {
		name := map[rapport.PointKind]string{rapport.PointEmail: "contact.email", rapport.PointPhone: "contact.phone", rapport.PointExternal: "contact.external_id"}[p.Kind]
		if name == "" || f[name] != "" {
			continue
		}
		f[name] = p.Address
		if p.Kind == rapport.PointExternal {
			_, f[name], _ = strings.Cut(p.Address, ":") // the source of the id stands before it
		}
	}
	for name, value := range c.Fields {
		f["contact.fields."+name] = value
	}
}

// lacking says that a variable has no value.
type lacking struct{ variable string }

func (l *lacking) Error() string { return l.variable + " has no value" }

// fill puts values into a template; escape makes them harmless where they stand.
func fill(text string, f facts, escape func(string) string) (string, error) {
	var lacks error
	text = placeholder.ReplaceAllStringFunc(text, func(m string) string {
		name, optional := strings.CutSuffix(placeholder.FindStringSubmatch(m)[1], "?")
		name = strings.TrimSpace(name)
		value := f[name]
		if value == "" && !optional && lacks == nil {
			lacks = &lacking{name}
		}
		return escape(value)
	})
	return text, lacks
}

// inAddress escapes whatever is not plain, so that a value never becomes a
// part of the address of its own.
func inAddress(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}

// inText escapes a value for the inside of a text of JSON.
func inText(value string) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "" // text always can
	}
	return string(text[1 : len(text)-1])
}

// address fills the address of a request. A value that is a step up in a path
// is refused: no escaping makes it harmless.
func address(template string, f facts) (string, error) {
	filled, err := fill(template, f, inAddress)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(filled)
	if err != nil {
		return "", rapport.Invalidf("url", "The address cannot be used once its variables are filled in.")
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == "." || part == ".." {
			return "", rapport.Invalidf("url", "A variable would make the address lead elsewhere.")
		}
	}
	return u.String(), nil
}

// Check says what is wrong with a card, or nothing.
func Check(c *rapport.Card) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if err := checkAddress("url", c.URL, nil); err != nil {
		return err
	}
	if err := checkVariables("body", c.Body, nil); err != nil {
		return err
	}
	if c.Body != "" {
		sample, _ := fill(c.Body, sample(c), inText)
		if !json.Valid([]byte(sample)) {
			return rapport.Invalidf("body", `The body is not valid JSON, such as {"email": "{{contact.email}}"}. Variables stand inside of texts.`)
		}
	}
	var names []string
	for i, f := range c.Fields {
		if _, err := jsonpath.Parse(f.Path); err != nil {
			return &rapport.Error{Kind: rapport.Invalid, Code: "invalid", Field: "fields." + strconv.Itoa(i) + ".path", Message: f.Path + " is not a path such as $.customer.name or $.orders[0].number (RFC 9535).", Cause: err}
		}
		names = append(names, "card."+f.Name)
	}
	if c.Write != nil {
		return checkAddress("write.url", c.Write.URL, names)
	}
	return nil
}

// sample has a value for each variable.
func sample(c *rapport.Card) facts {
	f := facts{}
	for _, text := range []string{c.URL, c.Body} {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			f[strings.TrimSpace(strings.TrimSuffix(m[1], "?"))] = "x"
		}
	}
	if c.Write != nil {
		for _, m := range placeholder.FindAllStringSubmatch(c.Write.URL, -1) {
			f[strings.TrimSpace(strings.TrimSuffix(m[1], "?"))] = "x"
		}
	}
	return f
}

func checkVariables(field, template string, more []string) error {
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		name := strings.TrimSpace(strings.TrimSuffix(m[1], "?"))
		if !slices.Contains(Variables, name) && !slices.Contains(more, name) && !fieldVariable.MatchString(name) {
			return rapport.Invalidf(field, "{{%s}} is not a variable; use {{contact.email}}, for example, or one of %s, contact.fields.NAME, conversation.fields.NAME.", name, strings.Join(Variables, ", "))
		}
	}
	if rest := placeholder.ReplaceAllString(template, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return rapport.Invalidf(field, "A variable is not complete; it should look like {{contact.email}}.")
	}
	return nil
}

func checkAddress(field, template string, more []string) error {
	if err := checkVariables(field, template, more); err != nil {
		return err
	}
	filled := placeholder.ReplaceAllString(template, "x")
	u, err := url.Parse(filled)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return rapport.Invalidf(field, "%q is not an address such as https://crm.example.com/customers?email={{contact.email}}.", template)
	case u.User != nil:
		return rapport.Invalidf(field, "Leave names and passwords out of the address; put them into a secret header.")
	case u.Fragment != "" || strings.Contains(filled, "#"):
		return rapport.Invalidf(field, "An address of a source has no part after #; write a # in a value as %%23.")
	}
	scheme, rest, _ := strings.Cut(template, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	if strings.Contains(scheme, "{{") || strings.Contains(host, "{{") {
		return rapport.Invalidf(field, "Variables may stand behind the host only: no customer decides where requests go.")
	}
	return nil
}

// Origins are where the requests of a card go.
func Origins(c *rapport.Card) (list []string) {
	addresses := []string{c.URL}
	if c.Write != nil {
		addresses = append(addresses, c.Write.URL)
	}
	for _, a := range addresses {
		if u, err := url.Parse(placeholder.ReplaceAllString(a, "x")); err == nil {
			list = append(list, strings.ToLower(u.Scheme+"://"+u.Host))
		}
	}
	return list
}
