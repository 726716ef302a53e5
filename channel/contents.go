package channel

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/lib/sms"
)

// Contents is what one message of a channel may carry (S3-37…S3-39).
type Contents struct {
	MaxText   int     `json:"max_text" doc:"Longest text of one message, in characters."`
	Segments  bool    `json:"segments" doc:"Texts are sent and billed in parts, as SMS are."`
	Emoji     bool    `json:"emoji"`
	Bold      bool    `json:"bold" doc:"*bold* is shown as bold; elsewhere the marks are taken out."`
	Italic    bool    `json:"italic" doc:"_italic_ is shown as italic."`
	Underline bool    `json:"underline"`
	Location  bool    `json:"location" doc:"Carries places."`
	MaxFiles  int     `json:"max_files" doc:"Files of one message."`
	Media     []Media `json:"media" doc:"Files that it carries, by kind; empty for none."`
}

// Media is what a channel takes of one kind of file.
type Media struct {
	Kind       string   `json:"kind" enum:"image,audio,video,document"`
	MaxBytes   int64    `json:"max_bytes"`
	Extensions []string `json:"extensions" doc:"Endings of names, in lower case."`
}

// MediaLimits is the one table of what may be sent from where to where (C18): the
// smallest of client, channel and note counts. The composer, the adapters, the
// conformance suite and the docs read it alike.
type MediaLimits struct {
	Note     NoteLimit           `json:"note"`
	Clients  map[string]int64    `json:"clients" doc:"Largest file that a client sends, in bytes: desk, mobile, widget, api."`
	Channels map[string]Contents `json:"channels" doc:"By kind of channel."`
	Types    map[string]FileType `json:"types" doc:"What an ending stands for."`
}

// NoteLimit is what notes carry (S3-52).
type NoteLimit struct {
	MaxBytes   int64    `json:"max_bytes"`
	Extensions []string `json:"extensions"`
}

// FileType is what an ending stands for.
type FileType struct {
	Kind  string   `json:"kind"`
	Types []string `json:"types" doc:"Media types that such a file may turn out to be."`
}

//go:embed contents.json
var contents []byte

// DefaultLimits is the table as it is built in.
func DefaultLimits() MediaLimits {
	var l MediaLimits
	if err := l.read(bytes.NewReader(contents)); err != nil {
		panic("contents.json: " + err.Error()) // a mistake in the program
	}
	return l
}

// ReadLimits is the built-in table with what an operator's file replaces: in
// channels field by field, the rest by name. An empty name replaces nothing.
func ReadLimits(file string) (MediaLimits, error) {
	l := DefaultLimits()
	if file == "" {
		return l, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return l, err
	}
	defer f.Close()
	if err := l.read(io.LimitReader(f, 1<<20)); err != nil {
		return l, fmt.Errorf("%s: %w", file, err)
	}
	return l, nil
}

func (l *MediaLimits) read(r io.Reader) error {
	var raw struct {
		Note     *NoteLimit
		Clients  map[string]int64
		Channels map[string]json.RawMessage
		Types    map[string]FileType
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return err
	}
	if raw.Note != nil {
		l.Note = *raw.Note
	}
	if l.Clients == nil {
		l.Clients, l.Channels, l.Types = map[string]int64{}, map[string]Contents{}, map[string]FileType{}
	}
	maps.Copy(l.Clients, raw.Clients)
	maps.Copy(l.Types, raw.Types)
	for kind, text := range raw.Channels {
		c := l.Channels[kind]
		if bytes.Contains(text, []byte(`"media"`)) { // a list is replaced whole
			c.Media = nil
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&c); err != nil {
			return fmt.Errorf("channel %s: %w", kind, err)
		}
		if c.MaxText < 1 || c.MaxText > rapport.MaxBody {
			return fmt.Errorf("channel %s: max_text must lie between 1 and %d", kind, rapport.MaxBody)
		}
		l.Channels[kind] = c
	}
	return l.check()
}

func (l *MediaLimits) check() error {
	known := func(where string, endings []string) error {
		for _, e := range endings {
			if _, ok := l.Types[e]; !ok {
				return fmt.Errorf("%s: the ending %q is not in types", where, e)
			}
		}
		return nil
	}
	if err := known("note", l.Note.Extensions); err != nil {
		return err
	}
	for kind, c := range l.Channels {
		for _, m := range c.Media {
			if m.MaxBytes < 1 {
				return fmt.Errorf("channel %s: %s needs max_bytes", kind, m.Kind)
			}
			if err := known("channel "+kind, m.Extensions); err != nil {
				return err
			}
		}
	}
	return nil
}

// ContentsOf is what a kind of channel carries by the built-in table; one that
// is not in there carries texts.
func ContentsOf(kind string) Contents { return DefaultLimits().Of(kind) }

// Of is what a kind of channel carries. Out-of-tree channels that the table
// does not know carry what they registered.
func (l MediaLimits) Of(kind string) Contents {
	if c, ok := l.Channels[kind]; ok {
		return c
	}
	if r, ok := registry[kind]; ok {
		return r.info.Caps.Contents
	}
	return Contents{MaxText: 1000, Emoji: true}
}

// From is what a client can send through a channel: both have limits.
func (l MediaLimits) From(client, kind string) Contents {
	c := l.Of(kind)
	most, limited := l.Clients[client]
	if !limited {
		return c
	}
	c.Media = slices.Clone(c.Media)
	for i := range c.Media {
		c.Media[i].MaxBytes = min(c.Media[i].MaxBytes, most)
	}
	return c
}

// Note is the purpose of files for notes; every other one is a kind of channel.
const Note = "note"

// CheckFile tells whether a file may be sent: for a note or through a channel,
// from a client. Its error says what would be right.
func (l MediaLimits) CheckFile(purpose, client, name string, size int64) error {
	if size < 1 {
		return rapport.Invalidf("files", "%s is empty.", name)
	}
	most, media, err := l.rule(purpose, name)
	if err != nil {
		return err
	}
	what := "A note"
	if purpose != Note {
		what = "This channel"
		if media.Kind != "" {
			what = fmt.Sprintf("This channel, for a file of kind %s,", media.Kind)
		}
	}
	if from, limited := l.Clients[client]; limited && from < most {
		most, what = from, "This client"
	}
	if size > most {
		return rapport.Invalidf("files", "%s has %s; %s takes at most %s.", name, bytesOf(size), lowerFirst(what), bytesOf(most))
	}
	return nil
}

// rule finds what counts for an ending.
func (l MediaLimits) rule(purpose, name string) (most int64, m Media, err error) {
	ending := endingOf(name)
	if purpose == Note {
		if !slices.Contains(l.Note.Extensions, ending) {
			return 0, m, rapport.Invalidf("files", "%s is not of a type that notes carry; these are: %s.", name, strings.Join(l.Note.Extensions, ", "))
		}
		return l.Note.MaxBytes, m, nil
	}
	c := l.Of(purpose)
	if len(c.Media) == 0 {
		return 0, m, rapport.Invalidf("files", "This channel carries no files.")
	}
	var all []string
	for _, m := range c.Media {
		if slices.Contains(m.Extensions, ending) {
			return m.MaxBytes, m, nil
		}
		all = append(all, m.Extensions...)
	}
	return 0, m, rapport.Invalidf("files", "%s is not of a type that this channel carries; these are: %s.", name, strings.Join(all, ", "))
}

// CheckType tells whether bytes are what the name of their file says; is tells
// whether they are a special case of a type, as a document of Word is an archive.
func (l MediaLimits) CheckType(name, found string, is func(kind string) bool) error {
	t, known := l.Types[endingOf(name)]
	if known && (slices.Contains(t.Types, found) || slices.ContainsFunc(t.Types, func(kind string) bool { return strings.HasPrefix(kind, "application/") && is(kind) })) {
		return nil
	}
	return rapport.Invalidf("files", "%s is not what its name says: it turned out to be %s.", name, found)
}

// CheckText tells whether a channel takes a text.
func (c Contents) CheckText(field, text string) error {
	if n := utf8.RuneCountInString(text); n > c.MaxText {
		return rapport.Invalidf(field, "The text has %d characters; this channel takes at most %d.", n, c.MaxText)
	}
	return nil
}

// CheckPlace tells whether a channel takes a place.
func (c Contents) CheckPlace(field string, place *rapport.Location) error {
	if place != nil && !c.Location {
		return rapport.Invalidf(field, "This channel carries no places; write the address as text.")
	}
	return nil
}

// CheckContent tells whether a channel carries what a message has besides its
// text.
func (l MediaLimits) CheckContent(purpose string, c rapport.Content) error {
	most := rapport.MaxFiles
	if purpose != Note {
		can := l.Of(purpose)
		if err := can.CheckPlace("location", c.Location); err != nil {
			return err
		}
		most = can.MaxFiles
	}
	if len(c.Files) > most && most > 0 {
		return rapport.Invalidf("files", "This channel takes %d files in one message, not %d; send several messages.", most, len(c.Files))
	}
	for _, f := range c.Files {
		if err := l.CheckFile(purpose, "", f.Name, f.Size); err != nil {
			return err
		}
	}
	return nil
}

// SegmentsOf tells in how many parts a channel sends a text; 1 where nobody
// counts.
func (c Contents) SegmentsOf(text string) int {
	if !c.Segments {
		return 1
	}
	return sms.Of(text).Segments
}

func endingOf(name string) string {
	_, ending, found := strings.Cut(name, ".")
	if !found {
		return ""
	}
	if at := strings.LastIndexByte(ending, '.'); at >= 0 {
		ending = ending[at+1:]
	}
	return strings.ToLower(ending)
}

func bytesOf(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
