package attachment_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"rapport"
	"rapport/attachment"
	"rapport/blob"
	"rapport/channel"
	"rapport/rapporttest"
	"rapport/store"
)

const owner = "agent:ana"

type scene struct {
	*attachment.Shelf
	dir string
}

func shelf(t *testing.T, change ...func(*attachment.Shelf)) scene {
	t.Helper()
	dir := t.TempDir()
	blobs, err := blob.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	in := attachment.Shelf{DB: w.DB, Blobs: blobs, Limits: channel.DefaultLimits(), Log: rapporttest.Log(t), Key: []byte("key"), Base: "https://chat.example"}
	for _, f := range change {
		f(&in)
	}
	return scene{attachment.New(in), dir}
}

func (s scene) left(t *testing.T) int {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(s.dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s scene) begin(t *testing.T, name string, size int) store.File {
	t.Helper()
	f, err := s.Begin(t.Context(), attachment.Start{Owner: owner, Purpose: "web", Client: "desk", Name: name, Size: int64(size)})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// S3-36: an upload that breaks off goes on where it was; what it turned out to
// be is known in the end.
func TestAppendResumes(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	data := picture(t, 900, 300)
	f := s.begin(t, "photo.png", len(data))
	broken := io.MultiReader(bytes.NewReader(data[:100]), iotest.ErrReader(errors.New("the cable")))
	f, err := s.Append(t.Context(), owner, f.ID, 0, broken)
	if err == nil || f.Received != 100 {
		t.Fatalf("after a broken cable %d bytes are kept, %v; want 100", f.Received, err)
	}
	kept, err := s.Of(t.Context(), owner, f.ID)
	if err != nil || kept.Received != 100 || kept.State != store.FilePartial {
		t.Fatalf("kept: %+v, %v", kept, err)
	}
	if _, err := s.Append(t.Context(), owner, f.ID, 50, bytes.NewReader(data[50:])); rapport.KindOf(err) != rapport.Conflict {
		t.Errorf("a wrong offset: %v", err)
	}
	if _, err := s.Append(t.Context(), "agent:bob", f.ID, 100, bytes.NewReader(data[100:])); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("somebody else's upload: %v", err)
	}
	for range 2 { // the last call may be repeated
		f, err = s.Append(t.Context(), owner, f.ID, min(f.Received, int64(len(data))), bytes.NewReader(data[min(f.Received, int64(len(data))):]))
		if err != nil || f.State != store.FileReady {
			t.Fatalf("%+v, %v", f, err)
		}
		f.Received = int64(len(data))
	}
	if f.Type != "image/png" || f.Width != 900 || f.Height != 300 || !f.Thumb {
		t.Errorf("it turned out to be %+v", f.File)
	}
	g, err := s.Open(t.Context(), f, attachment.Whole)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if back, err := io.ReadAll(g); err != nil || !bytes.Equal(back, data) {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
	small, err := s.Open(t.Context(), f, attachment.Thumb)
	if err != nil || small.Type != "image/png" {
		t.Fatalf("the thumbnail: %v", err)
	}
	defer small.Close()
	if n := s.left(t); n != 2 {
		t.Errorf("%d blobs are kept; want the file and its thumbnail", n)
	}
}

// S3-38, S3-52: what could not be sent is refused before a byte has come.
func TestBeginRefuses(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	for _, c := range []struct {
		purpose, client, name string
		size                  int64
		says                  string
	}{
		{"web", "desk", "virus.exe", 10, "not of a type"},
		{"web", "desk", "page.html", 10, "not of a type"},
		{"web", "desk", "noending", 10, "not of a type"},
		{"web", "desk", "a.png", 0, "is empty"},
		{"web", "desk", "a.png", 25<<20 + 1, "at most 25 MB"},
		{"web", "mobile", "a.pdf", 11 << 20, "at most 10 MB"}, // C18: the client is smaller
		{"note", "desk", "a.pdf", 26 << 20, "at most 25 MB"},
		{"note", "desk", "a.opus", 10, "notes carry"},
		{"whatsapp", "desk", "a.png", 6 << 20, "at most 5 MB"},
		{"whatsapp", "desk", "a.mp3", 17 << 20, "at most 16 MB"},
		{"whatsapp", "desk", "a.gif", 10, "jpg, jpeg, png"},
		{"sms", "desk", "a.png", 10, "no files"},
		{"web", "desk", "../..", 10, "needs a name"},
	} {
		_, err := s.Begin(t.Context(), attachment.Start{Owner: owner, Purpose: c.purpose, Client: c.client, Name: c.name, Size: c.size})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s of %d bytes for %s: %v; want it to say %q", c.name, c.size, c.purpose, err, c.says)
		}
	}
	f := s.begin(t, `C:\photos\my "photo"`+"\u202e.png", 10)
	if f.Name != "my _photo__.png" {
		t.Errorf("the name became %q", f.Name)
	}
}

// Holds: bytes that are not what their name says are refused and removed.
func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	for _, c := range []struct{ name, data, says string }{
		{"photo.png", "<html><script>alert(1)</script></html>", "turned out to be text/html"},
		{"photo.jpg", "\x89PNG\r\n\x1a\n and more", "turned out to be image/png"},
		{"list.csv", "<html><body>", "text/html"},
		{"tool.pdf", "MZ\x90\x00\x03\x00\x00\x00", "not what its name says"},
	} {
		f := s.begin(t, c.name, len(c.data))
		_, err := s.Append(t.Context(), owner, f.ID, 0, strings.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want it to say %q", c.name, err, c.says)
		}
	}
	f := s.begin(t, "a.txt", 3)
	if _, err := s.Append(t.Context(), owner, f.ID, 0, strings.NewReader("four")); rapport.KindOf(err) != rapport.Invalid {
		t.Errorf("more bytes than announced: %v", err)
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.left(t); n != 0 {
		t.Errorf("%d blobs are left of what was refused", n)
	}
}

// S3-36: a file of unknown size comes in part by part, never all of it in memory; what
// is too large, too much or breaks off leaves nothing behind.
func TestTake(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	kept := func() (n int) {
		err := filepath.WalkDir(s.dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	text := func(n int) []byte { return bytes.Repeat([]byte("0123456789abcde\n"), n/16+1)[:n] }
	in := attachment.Start{Owner: owner, Purpose: "web", Client: "api", Name: "a.txt"}
	for _, size := range []int{1, 4<<20 - 1, 4 << 20, 8 << 20, 9<<20 + 123} {
		data, before, during := text(size), kept(), 0
		half := size / 2
		r := io.MultiReader(bytes.NewReader(data[:half]), readerFunc(func([]byte) (int, error) {
			during = kept() - before
			return 0, io.EOF
		}), bytes.NewReader(data[half:]))
		f, err := s.Take(t.Context(), in, r)
		if err != nil || f.State != store.FileReady || f.Size != int64(size) {
			t.Fatalf("%d bytes became %+v, %v", size, f, err)
		}
		if want := half / (4 << 20); during != want {
			t.Errorf("in the middle of %d bytes %d parts are kept, want %d", size, during, want)
		}
		g, err := s.Open(t.Context(), f, attachment.Whole)
		if err != nil {
			t.Fatal(err)
		}
		back, err := io.ReadAll(g)
		g.Close()
		if err != nil || !bytes.Equal(back, data) {
			t.Errorf("of %d bytes %d came back, %v", size, len(back), err)
		}
	}
	before, cable := kept(), errors.New("the cable")
	for _, c := range []struct {
		change func(*attachment.Start)
		r      io.Reader
		says   string
	}{
		{nil, bytes.NewReader(nil), "a.txt is empty"},
		{nil, io.MultiReader(bytes.NewReader(text(9<<20)), iotest.ErrReader(cable)), "the cable"},
		{nil, io.MultiReader(bytes.NewReader(text(9<<20)), iotest.ErrReader(io.ErrUnexpectedEOF)), "unexpected EOF"},
		{func(in *attachment.Start) { in.Name = "page.html" }, bytes.NewReader(text(9 << 20)), "not of a type"},
		{func(in *attachment.Start) { in.Client = "mobile" }, bytes.NewReader(text(20 << 20)), "a.txt has 12 MB; this client takes at most 10 MB"},
		{func(in *attachment.Start) { in.Purpose, in.Name = "whatsapp", "a.png" }, bytes.NewReader(text(7 << 20)), "a.png has 7 MB; this channel, for a file of kind image, takes at most 5 MB"},
		{func(in *attachment.Start) { in.Name = "a.pdf" }, io.MultiReader(strings.NewReader("MZ\x90\x00\x03\x00\x00\x00"), bytes.NewReader(text(5<<20))), "not what its name says"},
		{func(in *attachment.Start) {
			in.Owner, in.Budget = "agent:eve", attachment.Budget{Files: 3, Bytes: 6 << 20}
		}, bytes.NewReader(text(7 << 20)), "1 files with 4 MB in a day already"},
	} {
		in := in
		if c.change != nil {
			c.change(&in)
		}
		if _, err := s.Take(t.Context(), in, c.r); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want it to say %q", in.Name, err, c.says)
		} else if c.says == cable.Error() && !errors.Is(err, cable) {
			t.Errorf("the reader's error became %v", err)
		}
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := kept(); n > before {
		t.Errorf("%d blobs are left of what was refused", n-before)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A bomb is a file without preview; it is not decoded.
func TestBomb(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	bomb := append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), bytes.Repeat([]byte{0}, 100)...)
	f := s.begin(t, "a.gif", len(bomb))
	f, err := s.Append(t.Context(), owner, f.ID, 0, bytes.NewReader(bomb))
	if err != nil || f.Thumb || f.Width != 0 {
		t.Errorf("%+v, %v", f.File, err)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	in := attachment.Start{Owner: owner, Purpose: "web", Client: "widget", Name: "a.txt", Size: 10, Budget: attachment.Budget{Files: 2, Bytes: 1000}}
	for range 2 {
		if _, err := s.Begin(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Begin(t.Context(), in); rapport.KindOf(err) != rapport.TooMany {
		t.Errorf("the third file of two: %v", err)
	}
	in.Owner, in.Size = "agent:bob", 1001
	if _, err := s.Begin(t.Context(), in); rapport.KindOf(err) != rapport.TooMany {
		t.Errorf("more bytes than allowed: %v", err)
	}
}

// Holds: what was dropped is gone, and only the owner drops.
func TestDropAndSweep(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	f := s.begin(t, "a.txt", 5)
	if _, err := s.Append(t.Context(), owner, f.ID, 0, strings.NewReader("hello")); err != nil {
		t.Fatal(err)
	}
	if err := s.Drop(t.Context(), "agent:bob", f.ID); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("somebody else drops: %v", err)
	}
	if err := s.Sweep(t.Context()); err != nil || s.left(t) != 1 {
		t.Errorf("the sweep took a fresh upload: %d left, %v", s.left(t), err)
	}
	if err := s.Drop(t.Context(), owner, f.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Of(t.Context(), owner, f.ID); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("after the drop: %v", err)
	}
	if err := s.Sweep(t.Context()); err != nil || s.left(t) != 0 {
		t.Errorf("after the sweep %d blobs are left, %v", s.left(t), err)
	}
}

// Holds: an address works as it was signed, until it runs out, and no other way.
func TestSigned(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	f := s.begin(t, "a.txt", 5)
	if _, err := s.Append(t.Context(), owner, f.ID, 0, strings.NewReader("hello")); err != nil {
		t.Fatal(err)
	}
	ask := func(address, form string) error {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		_, err = s.Signed(t.Context(), f.ID, form, q.Get("e"), q.Get("s"))
		return err
	}
	good := s.URL(f.ID, attachment.Whole, time.Hour)
	if !strings.HasPrefix(good, "https://chat.example/files/") {
		t.Errorf("the address is %s", good)
	}
	if err := ask(good, attachment.Whole); err != nil {
		t.Errorf("a good address: %v", err)
	}
	if err := ask(good, attachment.Sound); err == nil {
		t.Error("an address of one form opens another")
	}
	if err := ask(strings.Replace(good, "e=", "e=9", 1), attachment.Whole); err == nil {
		t.Error("an address with another end works")
	}
	if err := ask(s.URL(f.ID, attachment.Whole, -2*time.Hour), attachment.Whole); err == nil || !strings.Contains(err.Error(), "run out") {
		t.Errorf("an address that has run out: %v", err)
	}
	other := attachment.New(attachment.Shelf{DB: s.DB, Key: []byte("another")})
	if err := ask(other.URL(f.ID, attachment.Whole, time.Hour), attachment.Whole); err == nil {
		t.Error("an address signed with another key works")
	}
}

// S3-40: sound that browsers do not play is converted where a program for it
// is; elsewhere it is said how.
func TestConvert(t *testing.T) {
	t.Parallel()
	sound := "#!AMR\n and what follows"
	make := func(t *testing.T, program string) (scene, store.File) {
		s := shelf(t, func(in *attachment.Shelf) { in.FFmpeg = program })
		f := s.begin(t, "voice.amr", len(sound))
		f, err := s.Append(t.Context(), owner, f.ID, 0, strings.NewReader(sound))
		if err != nil {
			t.Fatal(err)
		}
		return s, f
	}
	script := func(t *testing.T, text string) string {
		path := filepath.Join(t.TempDir(), "ffmpeg")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	s, f := make(t, "")
	if _, err := s.Open(t.Context(), f, attachment.Sound); err == nil || !strings.Contains(err.Error(), "Download") {
		t.Errorf("without a converter: %v", err)
	}
	s, f = make(t, script(t, `echo "$@" >> "$0.log"; printf 'ID3 sound'`))
	for range 2 { // once is enough
		g, err := s.Open(t.Context(), f, attachment.Sound)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(g)
		if err != nil || string(text) != "ID3 sound" || g.Type != "audio/mpeg" || g.Name != "voice.mp3" {
			t.Errorf("converted: %q %s %s, %v", text, g.Type, g.Name, err)
		}
		g.Close()
	}
	said, err := os.ReadFile(s.FFmpeg + ".log")
	if err != nil || strings.Count(string(said), "\n") != 1 || strings.Contains(string(said), "voice.amr") {
		t.Errorf("the converter was called with %q, %v", said, err)
	}
	s, f = make(t, script(t, `echo broken >&2; exit 1`))
	if _, err := s.Open(t.Context(), f, attachment.Sound); rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("a converter that fails: %v", err)
	}
}
