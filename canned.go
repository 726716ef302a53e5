package rapport

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Canned is a canned response: stock text that an agent puts into a reply and
// may edit freely (S3-44, S3-45).
type Canned struct {
	ID        CannedID          `json:"id"`
	Shortcut  string            `json:"shortcut" doc:"What is typed after the slash."`
	Title     string            `json:"title"`
	Body      string            `json:"body" doc:"{{customer.name}} and its like are filled in; any other {{words}} are left for the agent."`
	Variants  map[string]string `json:"variants,omitempty" doc:"The body in other languages, by language: de, pt-br, …"`
	Folder    string            `json:"folder,omitempty"`
	Queues    []QueueID         `json:"queues,omitempty" doc:"Whose members see it; empty: everybody."`
	Owner     AgentID           `json:"owner_id,omitempty" doc:"Whose own it is, and nobody else's; empty: shared."`
	Used      int               `json:"used" doc:"How often it was put into a reply."`
	UpdatedAt time.Time         `json:"updated_at"`
}

const (
	// MostCanned is how many shared canned responses there may be.
	MostCanned = 2000
	// MostOwnCanned is how many an agent may have for themselves.
	MostOwnCanned = 200

	mostCannedText = 10_000
	mostQueuesOf   = 200
)

var (
	shortcut = regexp.MustCompile(`^[\p{Ll}\p{Lo}0-9][\p{Ll}\p{Lo}0-9_-]*$`)
	language = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})?$`)
	blank    = regexp.MustCompile(`\{\{\s*([^{}\n]{1,80}?)\s*\}\}`)
)

// Validate checks and trims what somebody typed.
func (c *Canned) Validate() error {
	c.Shortcut = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(c.Shortcut), "/"))
	if utf8.RuneCountInString(c.Shortcut) > 40 || !shortcut.MatchString(c.Shortcut) { // counted there, it would be a megabyte
		return Invalidf("shortcut", "A short code has 1 to 40 letters, digits, dashes or underscores, such as refund-sent.")
	}
	var err error
	if c.Title, err = shortText("title", c.Title, 1, 120); err != nil {
		return err
	}
	if c.Folder, err = shortText("folder", c.Folder, 0, 60); err != nil {
		return err
	}
	if c.Body, err = stockText("body", c.Body); err != nil {
		return err
	}
	if len(c.Variants) > 30 {
		return Invalidf("variants", "At most 30 languages; there are %d.", len(c.Variants))
	}
	for _, lang := range slices.Sorted(maps.Keys(c.Variants)) {
		if !language.MatchString(lang) {
			return Invalidf("variants", "%q is not a language such as de or pt-br.", lang)
		}
		if c.Variants[lang], err = stockText("variants."+lang, c.Variants[lang]); err != nil {
			return err
		}
	}
	if len(c.Queues) > mostQueuesOf {
		return Invalidf("queues", "At most %d queues.", mostQueuesOf)
	}
	if c.Owner != "" && len(c.Queues) > 0 {
		return Invalidf("queues", "A canned response of your own is for nobody else; leave the queues out.")
	}
	return nil
}

// For tells whether an actor may use a canned response: it is theirs, or shared
// with everybody or with one of their queues.
func (c *Canned) For(a Actor) bool {
	if c.Owner != "" {
		return a.Kind == ActorAgent && c.Owner == a.AgentID
	}
	return openTo(a, c.Queues)
}

// openTo tells whether something that is for the members of some queues is for
// an actor. Supervisors have it all.
func openTo(a Actor, queues []QueueID) bool {
	return len(queues) == 0 || a.SeesAll() || slices.ContainsFunc(queues, func(q QueueID) bool { _, member := a.Queues[q]; return member })
}

// shortText checks and trims one line.
func shortText(field, s string, least, most int) (string, error) {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")), " ")
	switch n := len([]rune(s)); {
	case n < least:
		return "", Invalidf(field, "It needs a text of %d to %d characters.", least, most)
	case n > most:
		return "", Invalidf(field, "It has %d characters; at most %d are allowed.", n, most)
	}
	return s, nil
}

// stockText checks and trims a text that messages are made from.
func stockText(field, s string) (string, error) {
	s, err := ValidBody(field, s)
	if err == nil && len(s) > mostCannedText {
		return "", Invalidf(field, "The text is %d bytes long; at most %d are allowed.", len(s), mostCannedText)
	}
	return s, err
}

// FillText puts values in place of {{names}}. What has no value is left, for the
// agent to fill in.
func FillText(text string, values map[string]string) string {
	return blank.ReplaceAllStringFunc(text, func(found string) string {
		name := strings.ToLower(blank.FindStringSubmatch(found)[1])
		if v := values[name]; v != "" {
			return v
		}
		return found
	})
}

// Blanks are the {{names}} that a text still has, each once, in their order.
func Blanks(text string) (names []string) {
	for _, m := range blank.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// TextValues are what {{names}} stand for in a conversation. s and c may be nil
// where there is none yet.
func TextValues(agent string, s *Summary, c *Contact) map[string]string {
	v := map[string]string{"agent.name": agent, "agent.first_name": firstName(agent)}
	if s != nil {
		v["queue.name"], v["conversation.topic"], v["inbox.name"] = s.QueueName, s.Topic, s.InboxName
		for name, value := range s.Fields {
			v["conversation."+name], v["conversation.fields."+name] = value, value
		}
	}
	if c == nil {
		return v
	}
	for name, value := range c.Fields {
		v["customer."+name], v["customer.fields."+name] = value, value
	}
	v["customer.name"], v["customer.first_name"] = c.Name, firstName(c.Name)
	for _, p := range c.Points {
		if name := "customer." + string(p.Kind); (p.Kind == PointPhone || p.Kind == PointEmail) && v[name] == "" {
			v[name] = p.Address
		}
	}
	return v
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
