package blob_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/blob"
)

// bucket speaks as much S3 as a store needs: put, get with ranges, head, list,
// delete of objects, signed requests only.
type bucket struct {
	mu     sync.Mutex
	keeps  map[string][]byte
	broken bool
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/") {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
		return
	}
	data, there := b.keeps[r.URL.Path]
	switch r.Method {
	case http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
			body = unchunk(body)
		}
		b.keeps[r.URL.Path] = body
		w.Header().Set("ETag", etag(body))
	case http.MethodGet, http.MethodHead:
		if r.URL.Query().Get("list-type") == "2" {
			fmt.Fprint(w, "<ListBucketResult><IsTruncated>false</IsTruncated>")
			for key := range b.keeps {
				if name := strings.TrimPrefix(key, r.URL.Path); strings.HasPrefix(name, r.URL.Query().Get("prefix")) {
					fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>1</Size></Contents>", name)
				}
			}
			fmt.Fprint(w, "</ListBucketResult>")
			return
		}
		if !there {
			w.WriteHeader(http.StatusNotFound)
			if r.Method == http.MethodGet {
				fmt.Fprint(w, `<Error><Code>NoSuchKey</Code><Message>none</Message></Error>`)
			}
			return
		}
		w.Header().Set("ETag", etag(data))
		w.Header().Set("Content-Type", "application/octet-stream")
		http.ServeContent(w, r, "", time.Unix(1_700_000_000, 0), bytes.NewReader(data))
	case http.MethodDelete:
		delete(b.keeps, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}
}

func etag(data []byte) string {
	sum := md5.Sum(data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// unchunk takes the signatures out of a body that is signed piece by piece.
func unchunk(body []byte) (out []byte) {
	for len(body) > 0 {
		head, rest, found := bytes.Cut(body, []byte("\r\n"))
		var n int
		if _, err := fmt.Sscanf(string(head), "%x;", &n); err != nil || !found || n == 0 || n > len(rest) {
			return out
		}
		out = append(out, rest[:n]...)
		body = bytes.TrimPrefix(rest[n:], []byte("\r\n"))
	}
	return out
}

func stores(t *testing.T, test func(t *testing.T, s blob.Store)) {
	t.Run("disk", func(t *testing.T) {
		t.Parallel()
		s, err := blob.OpenDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(&bucket{keeps: map[string][]byte{}})
		t.Cleanup(server.Close)
		s, err := blob.OpenS3(blob.Bucket{URL: "s3://files/rapport?endpoint=" + server.URL + "&region=eu-central-1", AccessKey: "key", SecretKey: "secret"})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

// Holds: what was put is there, whole or from any place on; what was not, or
// came short, is not.
func TestStores(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s blob.Store) {
		ctx := t.Context()
		key := rapport.NewID[string]()
		data := bytes.Repeat([]byte("0123456789"), 50_000)
		if err := s.Put(ctx, key, bytes.NewReader(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
		o, err := s.Open(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if o.Size() != int64(len(data)) {
			t.Errorf("%d bytes; want %d", o.Size(), len(data))
		}
		if _, err := o.Seek(400_003, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		part := make([]byte, 4)
		if _, err := io.ReadFull(o, part); err != nil || string(part) != "3456" {
			t.Errorf("from the middle: %q, %v", part, err)
		}
		short := rapport.NewID[string]()
		if err := s.Put(ctx, short, strings.NewReader("abc"), 10); err == nil {
			t.Error("too few bytes were taken")
		}
		if _, err := s.Open(ctx, short); rapport.KindOf(err) != rapport.NotFound {
			t.Errorf("what came short is there: %v", err)
		}
		for range 2 {
			if err := s.Delete(ctx, key); err != nil {
				t.Errorf("delete: %v", err)
			}
		}
		if _, err := s.Open(ctx, key); rapport.KindOf(err) != rapport.NotFound {
			t.Errorf("what was deleted is there: %v", err)
		}
		for _, bad := range []string{"../x", "", "a/../../b", "ab/c/d", "/etc/passwd", "x"} {
			if err := s.Put(ctx, bad, strings.NewReader("x"), 1); err == nil {
				t.Errorf("the key %q was taken", bad)
			}
		}
		if err := blob.Check(ctx, s); err != nil {
			t.Errorf("check: %v", err)
		}
	})
}

// Holds: all that is kept of an id is found, also what no row names any more.
func TestKeys(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s blob.Store) {
		id, other := rapport.NewID[string](), rapport.NewID[string]()
		want := []string{id, id + ".thumb", id + "/0-beef", id + "/4194304-cafe"}
		for _, key := range append(want, other, id+"0") {
			if err := s.Put(t.Context(), key, strings.NewReader("x"), 1); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Keys(t.Context(), id)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("kept are %q, %v; want %q", got, err, want)
		}
		if got, err := s.Keys(t.Context(), rapport.NewID[string]()); err != nil || len(got) != 0 {
			t.Errorf("of nothing %q is kept, %v", got, err)
		}
		if _, err := s.Keys(t.Context(), "../"+id); err == nil {
			t.Error("a path was taken for an id")
		}
	})
}

func TestCheckTells(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(&bucket{broken: true})
	t.Cleanup(server.Close)
	s, err := blob.OpenS3(blob.Bucket{URL: "s3://files?endpoint=" + server.URL + "&region=eu", AccessKey: "key", SecretKey: "hidden-secret"})
	if err != nil {
		t.Fatal(err)
	}
	err = blob.Check(t.Context(), s)
	if err == nil || strings.Contains(err.Error(), "hidden-secret") {
		t.Errorf("a bucket that refuses us: %v", err)
	}
	for _, bad := range []string{"", "s3://", "http://x", "s3://b?endpoint=ftp://x", "s3://b?endpoint=http://x/path", "s3://b?colour=red"} {
		if _, err := blob.OpenS3(blob.Bucket{URL: bad, AccessKey: "a", SecretKey: "b"}); err == nil {
			t.Errorf("the address %q was taken", bad)
		}
	}
}

// Holds: bytes that were interrupted leave nothing behind under their name.
func TestDiskKeepsNothingHalf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := blob.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, rapport.NewID[string](), strings.NewReader("abc"), 3); err == nil {
		t.Error("put although nobody waits")
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// What a killed process left goes with a start on a later day.
	old, fresh := filepath.Join(dir, "coming", "blob-1"), filepath.Join(dir, "coming", "blob-2")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.OpenDisk(dir); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*", "*")); err != nil || !slices.Equal(left, []string{fresh}) {
		t.Errorf("after a day %v is left, %v", left, err)
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bytes, name, want string }{
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.png", "image/png"},
		{"\xff\xd8\xff\xe0", "a.png", "image/jpeg"},
		{"%PDF-1.7\n", "a.pdf", "application/pdf"},
		{"<html><script>alert(1)</script>", "a.png", "text/html"},
		{"<html><script>alert(1)</script>", "a.txt", "text/html"},
		{`<svg xmlns="http://www.w3.org/2000/svg"></svg>`, "a.png", "image/svg+xml"},
		{"name;town\nAna;Bonn\n", "a.csv", "text/csv"},
		{"#!AMR\n\x00\x00", "a.amr", "audio/amr"},
		{"\x00\x01\x02\x03", "a.pdf", "application/octet-stream"},
	} {
		if got := blob.Sniff([]byte(c.bytes), c.name); got != c.want {
			t.Errorf("%q as %s is %s; want %s", c.bytes, c.name, got, c.want)
		}
	}
	for _, kind := range []string{"text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml", "text/plain"} {
		if blob.Shown(kind) {
			t.Errorf("%s is shown in place", kind)
		}
	}
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		m.Set(x, 0, color.RGBA{255, 0, 0, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestThumbnail(t *testing.T) {
	t.Parallel()
	r := bytes.NewReader(pngOf(t, 1000, 500))
	p, err := blob.Look(r)
	if err != nil || p.Width != 1000 || p.Height != 500 {
		t.Fatalf("%+v, %v", p, err)
	}
	small, err := blob.Thumbnail(r, p)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := image.DecodeConfig(bytes.NewReader(small))
	if err != nil || got.Width != blob.ThumbSide || got.Height != blob.ThumbSide/2 {
		t.Errorf("the thumbnail is %d × %d, %v", got.Width, got.Height, err)
	}
}

// A picture that a phone laid on its side stands up.
func TestThumbnailTurns(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			c := color.RGBA{0, 0, 255, 255}
			if x < 20 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	turned := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	turned = append(turned, b.Bytes()[2:]...)
	r := bytes.NewReader(turned)
	p, err := blob.Look(r)
	if err != nil || p.Width != 20 || p.Height != 40 {
		t.Fatalf("%+v, %v", p, err)
	}
	small, err := blob.Thumbnail(r, p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(small))
	if err != nil || got.Bounds().Dx() != 20 || got.Bounds().Dy() != 40 {
		t.Fatalf("turned it is %v, %v", got.Bounds(), err)
	}
	if red, _, blue, _ := got.At(10, 4).RGBA(); red < blue {
		t.Error("what was left is not up")
	}
}

// Holds: a picture whose header promises more than memory should hold is not
// decoded (decompression bombs).
func TestLookRefusesBombs(t *testing.T) {
	t.Parallel()
	bomb := pngOf(t, 2, 2)
	copy(bomb[16:24], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // 65535 × 65535
	crc := pngCRC(bomb[12:29])
	copy(bomb[29:33], crc[:])
	if _, err := blob.Look(bytes.NewReader(bomb)); err == nil || !strings.Contains(err.Error(), "too many pixels") {
		t.Errorf("a bomb is looked at: %v", err)
	}
	huge := pngOf(t, 2, 2)
	copy(huge[16:24], []byte{0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff})
	crc = pngCRC(huge[12:29])
	copy(huge[29:33], crc[:])
	if _, err := blob.Look(bytes.NewReader(huge)); err == nil {
		t.Error("a picture of 2³¹ pixels a side is looked at")
	}
}

func pngCRC(b []byte) (out [4]byte) {
	crc := uint32(0xffffffff)
	for _, c := range b {
		crc ^= uint32(c)
		for range 8 {
			if crc&1 == 1 {
				crc = crc>>1 ^ 0xedb88320
			} else {
				crc >>= 1
			}
		}
	}
	crc ^= 0xffffffff
	return [4]byte{byte(crc >> 24), byte(crc >> 16), byte(crc >> 8), byte(crc)}
}

// Foreign pictures never panic, and what is decoded lies within bounds.
func FuzzPicture(f *testing.F) {
	f.Add(pngOf(f, 3, 3))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		blob.Sniff(data, "a.png")
		r := bytes.NewReader(data)
		p, err := blob.Look(r)
		if err != nil || p.Width*p.Height > 1_000_000 {
			return
		}
		small, err := blob.Thumbnail(r, p)
		if err == nil && len(small) == 0 {
			t.Fatal("a thumbnail of nothing")
		}
	})
}
