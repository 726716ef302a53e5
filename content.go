package rapport

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// Content is what an item carries besides its text.
type Content struct {
	Files    []File    `json:"files,omitempty" doc:"Attachments, in their order."`
	Location *Location `json:"location,omitempty"`
	Point    *Point    `json:"point,omitempty" doc:"The contact point it came from or went to, when that is not the conversation's."`
	Mentions []AgentID `json:"mentions,omitempty" doc:"Colleagues whom a note names; they are notified."`
	Queues   []QueueID `json:"mention_queues,omitempty" doc:"Queues whose members a note names."`
	Template string    `json:"template,omitempty" doc:"The provider-approved template that it was written with."`
}

// Empty tells whether there is nothing besides the text.
func (c Content) Empty() bool {
	return len(c.Files) == 0 && c.Location == nil && c.Point == nil && len(c.Mentions) == 0 && len(c.Queues) == 0 && c.Template == ""
}

// Loaded tells whether there is something to see without a text.
func (c Content) Loaded() bool { return len(c.Files) > 0 || c.Location != nil }

// ValidText is ValidBody of an item with this content: beside files or a
// location the text may be empty.
func (c Content) ValidText(field, s string) (string, error) {
	if c.Loaded() && strings.TrimSpace(s) == "" {
		return "", nil
	}
	return ValidBody(field, s)
}

// Preview is what lists show of an item: the start of its text, else what it
// carries, in signs and names that need no translation.
func (c Content) Preview(body string) string {
	switch {
	case body != "":
		return Preview(body)
	case len(c.Files) > 1:
		return Preview("📎 " + c.Files[0].Name + " …")
	case len(c.Files) == 1:
		return Preview("📎 " + c.Files[0].Name)
	case c.Location != nil:
		return Preview("📍 " + c.Location.Title())
	}
	return ""
}

// MaxFiles is how many attachments one item may have.
const MaxFiles = 10

// File is one attachment as a thread carries it. Its bytes are in the blob
// store under its id.
type File struct {
	ID      FileID `json:"id"`
	Name    string `json:"name"`
	Type    string `json:"type" doc:"Media type as sniffed from the bytes, not as claimed."`
	Size    int64  `json:"size" doc:"Bytes."`
	Width   int    `json:"width,omitempty" doc:"Pixels, of an image."`
	Height  int    `json:"height,omitempty"`
	Seconds int    `json:"seconds,omitempty" doc:"Length of audio or video, where it is known."`
	Thumb   bool   `json:"thumb,omitempty" doc:"There is a thumbnail."`
}

// Location is a place on the map (S3-36, S3-41).
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// Placed tells whether the location has coordinates; one without is a name
// that people look up.
func (l *Location) Placed() bool { return l.Latitude != 0 || l.Longitude != 0 }

// Title is what the location is called: its name, or else its coordinates.
func (l *Location) Title() string {
	if l.Name != "" {
		return l.Name
	}
	return fmt.Sprintf("%.5f, %.5f", l.Latitude, l.Longitude)
}

// Validate checks and trims a location: it needs coordinates on this earth, or
// at least a name.
func (l *Location) Validate(field string) error {
	const most = 200
	l.Name, l.Address = strings.TrimSpace(l.Name), strings.TrimSpace(l.Address)
	switch {
	case math.IsNaN(l.Latitude) || l.Latitude < -90 || l.Latitude > 90:
		return Invalidf(field+".latitude", "A latitude lies between -90 and 90 degrees.")
	case math.IsNaN(l.Longitude) || l.Longitude < -180 || l.Longitude > 180:
		return Invalidf(field+".longitude", "A longitude lies between -180 and 180 degrees.")
	case !l.Placed() && l.Name == "":
		return Invalidf(field, "A location needs coordinates or a name.")
	case len(l.Name) > most || !utf8.ValidString(l.Name):
		return Invalidf(field+".name", "The name of a place has at most %d bytes.", most)
	case len(l.Address) > most || !utf8.ValidString(l.Address):
		return Invalidf(field+".address", "The address of a place has at most %d bytes.", most)
	}
	return nil
}

// Preferences are an agent's own, kept on the server so that they hold on every
// machine.
type Preferences struct {
	Language    string                         `json:"language,omitempty" doc:"Of the desk: en, de, …; empty follows the browser."`
	TimeZone    string                         `json:"time_zone,omitempty" doc:"IANA name; empty follows the browser."`
	Notify      map[NotificationKind]NotifyHow `json:"notify,omitempty" doc:"Per kind; what is missing follows the defaults."`
	Sound       bool                           `json:"sound" doc:"Play a sound with a browser notification."`
	Digest      int                            `json:"digest_minutes,omitempty" doc:"Send unread notifications by e-mail after this long; 0 never."`
	UndoSeconds int                            `json:"undo_seconds" doc:"How long a sent message can be taken back; 0 sends at once."`
	Done        []string                       `json:"done,omitempty" doc:"Steps of the first-days checklist that were ticked off or put away."`
}

// NotifyHow says by which ways a kind of notification reaches an agent besides
// the bell.
type NotifyHow struct {
	Browser bool `json:"browser" doc:"By the browser, while no page of the desk is in front."`
	Sound   bool `json:"sound" doc:"With a tone, if sounds are on at all."`
	Email   bool `json:"email" doc:"In the digest, if there is one."`
}

// DefaultPreferences are those of a new agent.
func DefaultPreferences() Preferences { return Preferences{Sound: true, UndoSeconds: 5} }

// Snoozed tells whether a conversation sleeps at a moment.
func (c *Conversation) Snoozed(now time.Time) bool { return c.SnoozedUntil.After(now) }
