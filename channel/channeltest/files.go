package channeltest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/channel"
)

// Files is the store of attachments in memory.
type Files struct {
	mu   sync.Mutex
	kept map[rapport.FileID]*kept
}

type kept struct {
	of   rapport.Point
	file rapport.File
	data []byte
}

var _ channel.Files = (*Files)(nil)

// NewFiles returns an empty store.
func NewFiles() *Files { return &Files{kept: map[rapport.FileID]*kept{}} }

// Put keeps a file of ours.
func (f *Files) Put(name, kind string, data []byte) rapport.File {
	f.mu.Lock()
	defer f.mu.Unlock()
	file := rapport.File{ID: rapport.NewID[rapport.FileID](), Name: name, Type: kind, Size: int64(len(data))}
	f.kept[file.ID] = &kept{file: file, data: data}
	return file
}

// Bytes returns what is kept under an id.
func (f *Files) Bytes(id rapport.FileID) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.kept[id]; k != nil {
		return k.data
	}
	return nil
}

// All returns what was uploaded.
func (f *Files) All() []rapport.FileID {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.kept))
}

// file is what a message carries under an id.
func (f *Files) file(id rapport.FileID) rapport.File {
	if f == nil {
		return rapport.File{ID: id}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.kept[id]; k != nil {
		return k.file
	}
	return rapport.File{ID: id}
}

// of must be called with the lock held.
func (f *Files) of(from rapport.Point, id rapport.FileID) (*kept, error) {
	from.Shown = ""
	k := f.kept[id]
	if k == nil || k.of != from {
		return nil, rapport.Errorf(rapport.NotFound, "not_found", "There is no file %q.", id)
	}
	return k, nil
}

func (k *kept) upload() channel.Upload {
	u := channel.Upload{ID: k.file.ID, Offset: int64(len(k.data)), Size: k.file.Size}
	if u.Offset == u.Size {
		file := k.file
		file.Type = http.DetectContentType(k.data)
		u.File = &file
	}
	return u
}

// Begin implements channel.Files.
func (f *Files) Begin(_ context.Context, from rapport.Point, name string, size int64) (channel.Upload, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size < 1 || size > 25<<20 {
		return channel.Upload{}, rapport.Invalidf("files", "%s has %d bytes.", name, size)
	}
	from.Shown = ""
	k := &kept{of: from, file: rapport.File{ID: rapport.NewID[rapport.FileID](), Name: name, Size: size}}
	f.kept[k.file.ID] = k
	return k.upload(), nil
}

// Append implements channel.Files.
func (f *Files) Append(_ context.Context, from rapport.Point, id rapport.FileID, offset int64, r io.Reader) (channel.Upload, error) {
	data, err := io.ReadAll(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	k, missing := f.of(from, id)
	if missing != nil {
		return channel.Upload{}, missing
	}
	if offset != int64(len(k.data)) || offset+int64(len(data)) > k.file.Size {
		return k.upload(), rapport.Errorf(rapport.Conflict, "wrong_offset", "Go on from %d.", len(k.data))
	}
	k.data = append(k.data, data...)
	return k.upload(), err
}

// Upload implements channel.Files.
func (f *Files) Upload(_ context.Context, from rapport.Point, id rapport.FileID) (channel.Upload, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, err := f.of(from, id)
	if err != nil {
		return channel.Upload{}, err
	}
	return k.upload(), nil
}

// Drop implements channel.Files.
func (f *Files) Drop(_ context.Context, from rapport.Point, id rapport.FileID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.of(from, id)
	if err == nil {
		delete(f.kept, id)
	}
	return err
}

// Take implements channel.Files.
func (f *Files) Take(ctx context.Context, from rapport.Point, name string, r io.Reader) (rapport.File, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return rapport.File{}, err
	}
	u, err := f.Begin(ctx, from, name, int64(len(data)))
	if err != nil {
		return rapport.File{}, err
	}
	u, err = f.Append(ctx, from, u.ID, 0, bytes.NewReader(data))
	if err != nil {
		return rapport.File{}, err
	}
	return *u.File, nil
}

// Open implements channel.Files.
func (f *Files) Open(_ context.Context, id rapport.FileID) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(f.Bytes(id))), nil
}

// URL implements channel.Files.
func (f *Files) URL(of rapport.File, _ time.Duration, thumb bool) string {
	url := "https://files.example/" + string(of.ID)
	if thumb {
		url += "?thumb"
	}
	return url
}

var picture = []byte("\x89PNG\r\n\x1a\n with something behind it")

// carriesFiles holds an adapter to the files and places that its capabilities
// promise, both ways (S3-36, S3-37).
func carriesFiles(tb testing.TB, h Harness) {
	info, err := channel.Lookup(h.Kind)
	if err != nil {
		tb.Fatal(err)
	}
	carries := len(info.Caps.Media) > 0 || info.Caps.Location
	if carries != (h.Carry != nil) {
		tb.Error("Caps.Media or Caps.Location and the harness's Carry go together")
	}
	if !carries {
		return
	}
	if info.Caps.Receives {
		inboundFiles(tb, h, info)
	}
	s := Open(tb, h)
	content := rapport.Content{Files: []rapport.File{s.Files.Put("map.png", "image/png", picture)}, Location: &rapport.Location{Latitude: 52.52, Longitude: 13.405, Name: "Berlin office"}}
	url := s.Files.URL(content.Files[0], time.Hour, false)
	told := ""
	if sender, ok := s.Adapter.(channel.Sender); ok {
		m := outbound(h, "")
		m.Content = content
		if _, err := sender.Send(tb.Context(), m); err != nil {
			tb.Fatalf("a message of a file and a place, without a text, is not sent: %v", err)
		}
		for _, r := range s.Remote() {
			told += r.Body
		}
	} else {
		if status, body := s.Do(h.Inbound(s, "m1", hello)); status/100 != 2 {
			tb.Fatalf("a genuine message is answered with %d %s", status, body)
		}
		s.Host.ReplyWith(s.Host.Inbound()[0].Points[0], "", content)
		told = h.Fetch(s)
	}
	for _, want := range []string{"map.png", url, "52.52", "13.405", "Berlin office"} {
		if !contains(told, want) {
			tb.Errorf("the customer's side does not learn %q; it is told %s", want, told)
		}
	}
}

// contains looks through the escapes of JSON.
func contains(text, part string) bool {
	return bytes.Contains(bytes.ReplaceAll([]byte(text), []byte(`\u0026`), []byte("&")), []byte(part))
}

func inboundFiles(tb testing.TB, h Harness, info channel.Info) {
	s := Open(tb, h)
	place := &rapport.Location{Latitude: -33.86, Longitude: 151.2, Name: "Sydney"}
	if !info.Caps.Location {
		place = nil
	}
	for range 2 { // a repeat is the same message
		r := h.Carry(s, "m1", "photo.png", picture, place)
		if status, body := s.Do(r); status/100 != 2 {
			tb.Fatalf("a genuine message with a file is answered with %d %s", status, body)
		}
	}
	if n := len(s.Host.Messages()); n != 1 {
		tb.Errorf("one message twice is %d messages", n)
	}
	m := s.Host.Inbound()[0]
	if place != nil && (m.Location == nil || *m.Location != *place) {
		tb.Errorf("the place arrived as %+v", m.Location)
	}
	if len(info.Caps.Media) == 0 {
		return
	}
	if len(m.Files) != 1 || !bytes.Equal(s.Files.Bytes(m.Files[0]), picture) {
		tb.Errorf("the file arrived as %v", m.Files)
	}
}
