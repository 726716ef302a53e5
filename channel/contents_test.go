package channel

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// S3-37: who can be written to how.
func TestMatrix(t *testing.T) {
	t.Parallel()
	type can struct{ emoji, bold, italic, underline, location, media bool }
	for kind, want := range map[string]can{
		"sms":       {emoji: true},
		"viber":     {emoji: true, location: true, media: true},
		"whatsapp":  {emoji: true, bold: true, italic: true, location: true, media: true},
		"messenger": {emoji: true, location: true, media: true},
		"web":       {emoji: true, bold: true, italic: true, location: true, media: true},
		"api":       {emoji: true, bold: true, italic: true, location: true, media: true},
	} {
		c := ContentsOf(kind)
		if got := (can{c.Emoji, c.Bold, c.Italic, c.Underline, c.Location, len(c.Media) > 0}); got != want {
			t.Errorf("%s can %+v; want %+v", kind, got, want)
		}
	}
}

// S3-38, S3-39, S3-52, C18: sizes, endings and lengths as required.
func TestLimits(t *testing.T) {
	t.Parallel()
	l := DefaultLimits()
	want := map[string]struct {
		mb      int64
		endings string
	}{
		"image":    {5, "jpg jpeg png"},
		"audio":    {16, "aac m4a amr mp3 ogg opus"},
		"video":    {16, "mp4 3gp 3gpp"},
		"document": {100, "pdf doc docx ppt pptx xls xlsx"},
	}
	for _, m := range l.Of("whatsapp").Media {
		w := want[m.Kind]
		if m.MaxBytes != w.mb<<20 || strings.Join(m.Extensions, " ") != w.endings {
			t.Errorf("WhatsApp takes %s of %d bytes, %v; want %d MB, %s", m.Kind, m.MaxBytes, m.Extensions, w.mb, w.endings)
		}
	}
	for kind, n := range map[string]int{"whatsapp": 1000, "viber": 1000, "sms": 1530} {
		if got := l.Of(kind).MaxText; got != n {
			t.Errorf("%s takes %d characters; want %d", kind, got, n)
		}
	}
	if !l.Of("sms").Segments || l.Of("sms").SegmentsOf(strings.Repeat("a", 161)) != 2 || l.Of("web").SegmentsOf(strings.Repeat("a", 500)) != 1 {
		t.Error("the parts of a text message are not counted, or those of others are")
	}
	if len(l.Note.Extensions) != 37 || l.Note.MaxBytes != 25<<20 {
		t.Errorf("notes carry %d endings of %d bytes; want 37 of 25 MB", len(l.Note.Extensions), l.Note.MaxBytes)
	}
	for _, e := range l.Note.Extensions {
		if err := l.CheckFile(Note, "desk", "a."+e, 1); err != nil {
			t.Errorf("a note with .%s: %v", e, err)
		}
	}
	for ending, of := range l.Types {
		if !slices.Contains([]string{"image", "audio", "video", "document"}, of.Kind) || len(of.Types) == 0 {
			t.Errorf("the ending %s is %+v", ending, of)
		}
	}
	for _, m := range l.From("widget", "web").Media { // C18: the smaller of channel and client
		if m.MaxBytes != 25<<20 {
			t.Errorf("the widget promises %d bytes for %s", m.MaxBytes, m.Kind)
		}
	}
	if m := l.Of("web").Media; m[len(m)-1].MaxBytes != 100<<20 {
		t.Error("asking for the widget has changed what the desk may send")
	}
	if l.Clients["mobile"] != 10<<20 {
		t.Error("the mobile client sends other than 10 MB")
	}
}

func TestCheckContent(t *testing.T) {
	t.Parallel()
	l := DefaultLimits()
	file := rapport.File{Name: "a.png", Size: 10}
	place := &rapport.Location{Latitude: 1, Longitude: 1}
	for _, c := range []struct {
		purpose string
		content rapport.Content
		says    string
	}{
		{"sms", rapport.Content{Location: place}, "no places"},
		{"sms", rapport.Content{Files: []rapport.File{file}}, "no files"},
		{"whatsapp", rapport.Content{Files: []rapport.File{file, file}}, "takes 1 files"},
		{"whatsapp", rapport.Content{Files: []rapport.File{file}, Location: place}, ""},
		{"web", rapport.Content{Files: []rapport.File{file, file}}, ""},
		{Note, rapport.Content{Files: []rapport.File{file}, Location: place}, ""},
	} {
		err := l.CheckContent(c.purpose, c.content)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v; want %q", c.purpose, err, c.says)
		}
	}
}

// C18: an operator's file replaces what it names and nothing else.
func TestReadLimits(t *testing.T) {
	t.Parallel()
	read := func(text string) (MediaLimits, error) {
		file := filepath.Join(t.TempDir(), "limits.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return ReadLimits(file)
	}
	l, err := read(`{"clients": {"mobile": 1000}, "channels": {"whatsapp": {"max_text": 4096}}}`)
	if err != nil || l.Clients["mobile"] != 1000 || l.Clients["desk"] != 100<<20 || l.Of("whatsapp").MaxText != 4096 || len(l.Of("whatsapp").Media) != 4 {
		t.Errorf("%+v, %v", l.Clients, err)
	}
	if ContentsOf("whatsapp").MaxText != 1000 {
		t.Error("the built-in table changed")
	}
	for _, bad := range []string{`{`, `{"colour": 1}`, `{"channels": {"web": {"max_text": 0}}}`, `{"note": {"max_bytes": 1, "extensions": ["exe"]}}`, `{"channels": {"web": {"media": [{"kind": "image", "extensions": ["png"]}]}}}`} {
		if _, err := read(bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	if _, err := ReadLimits("/no/such/file"); err == nil {
		t.Error("a file that is not there was taken")
	}
}
