package attachment

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/blob"
	"rapport/store"
)

// Forms of a file.
const (
	Whole = ""
	Thumb = "thumb"
	Sound = "mp3" // sound that every browser plays
)

// Given is a form of a file, to be read.
type Given struct {
	blob.Object
	Name string
	Type string
}

// Open reads a form of a file.
func (s *Shelf) Open(ctx context.Context, f store.File, form string) (g Given, err error) {
	g.Name, g.Type = f.Name, f.Type
	key := string(f.ID)
	switch form {
	case Whole:
	case Thumb:
		if !f.Thumb {
			return g, rapport.Errorf(rapport.NotFound, "no_thumbnail", "There is no thumbnail of %s.", f.Name)
		}
		key, g.Type = thumbOf(f.ID), "image/jpeg" // or PNG; browsers look themselves, and both are pictures
	case Sound:
		if err := s.convert(ctx, f); err != nil {
			return g, err
		}
		key, g.Type = soundOf(f.ID), "audio/mpeg"
		g.Name = strings.TrimSuffix(f.Name, filepath.Ext(f.Name)) + ".mp3"
	default:
		return g, rapport.Invalidf("form", "%.20q is no form of a file; use thumb or mp3.", form)
	}
	g.Object, err = s.Blobs.Open(ctx, key)
	if err == nil && form == Thumb {
		head := make([]byte, 512)
		n, _ := io.ReadFull(g.Object, head)
		g.Type = blob.Sniff(head[:n], "")
		_, err = g.Seek(0, io.SeekStart)
	}
	return g, err
}

const (
	convertWithin = time.Minute
	longestSound  = "3600" // seconds
	mostSound     = 64 << 20
)

// convert makes sound that every browser plays, once (S3-40).
func (s *Shelf) convert(ctx context.Context, f store.File) error {
	if !strings.HasPrefix(f.Type, "audio/") && !strings.HasPrefix(f.Type, "video/") {
		return rapport.Invalidf("form", "%s has no sound.", f.Name)
	}
	if o, err := s.Blobs.Open(ctx, soundOf(f.ID)); err == nil {
		return o.Close()
	}
	if s.FFmpeg == "" {
		return rapport.Errorf(rapport.NotFound, "no_converter", "This server cannot convert sound: ffmpeg is not installed. Download the file instead.")
	}
	s.busy <- struct{}{}
	defer func() { <-s.busy }()
	dir, err := os.MkdirTemp("", "rapport-sound-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	from := filepath.Join(dir, "from")
	if err := s.copyTo(ctx, string(f.ID), from); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), convertWithin)
	defer cancel()
	var out, said bytes.Buffer
	// Nothing of the file's own reaches the command line, and ffmpeg may open
	// nothing but this file and its pipe.
	c := exec.CommandContext(ctx, s.FFmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe",
		"-i", from, "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-t", longestSound, "-threads", "1", "-b:a", "96k", "-f", "mp3", "pipe:1")
	c.Dir, c.Env, c.WaitDelay = dir, []string{"PATH=/usr/bin:/bin"}, 5*time.Second
	c.Stdout, c.Stderr = &bounded{w: &out, left: mostSound}, &bounded{w: &said, left: 4 << 10}
	if err := c.Run(); err != nil || out.Len() == 0 {
		s.Log.Warn("cannot convert sound", "file", f.ID, "error", err, "said", said.String())
		return rapport.Errorf(rapport.Unavailable, "not_converted", "%s could not be converted; download it instead.", f.Name)
	}
	return s.Blobs.Put(ctx, soundOf(f.ID), bytes.NewReader(out.Bytes()), int64(out.Len()))
}

func (s *Shelf) copyTo(ctx context.Context, key, path string) error {
	o, err := s.Blobs.Open(ctx, key)
	if err != nil {
		return err
	}
	defer o.Close()
	w, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, o)
	return errors.Join(err, w.Close())
}

// bounded takes no more than so many bytes.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		return 0, errors.New("too much output")
	}
	b.left -= len(p)
	return b.w.Write(p)
}

// URL is an address at which whoever has it reads a file until it runs out,
// which is on a full hour, so that the same is asked for twice and kept by
// browsers.
func (s *Shelf) URL(id rapport.FileID, form string, life time.Duration) string {
	ends := time.Now().Add(life).Truncate(time.Hour).Add(time.Hour).Unix()
	q := url.Values{"e": {strconv.FormatInt(ends, 10)}, "s": {s.sign(id, form, ends)}}
	if form != Whole {
		q.Set("form", form)
	}
	return s.Base + "/files/" + string(id) + "?" + q.Encode()
}

func (s *Shelf) sign(id rapport.FileID, form string, ends int64) string {
	mac := hmac.New(sha256.New, s.Key)
	fmt.Fprintf(mac, "%s\n%s\n%d", id, form, ends)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// Signed returns the file of a signed address that has not run out.
func (s *Shelf) Signed(ctx context.Context, id rapport.FileID, form, ends, signature string) (f store.File, err error) {
	until, err := strconv.ParseInt(ends, 10, 64)
	if err != nil || !rapport.ValidID(string(id)) || !hmac.Equal([]byte(s.sign(id, form, until)), []byte(signature)) {
		return f, rapport.Errorf(rapport.NotFound, "bad_signature", "This address is incomplete or was altered.")
	}
	if time.Now().Unix() > until {
		return f, rapport.Errorf(rapport.NotFound, "address_over", "This address has run out; open the conversation again.")
	}
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		f, err = tx.File(id)
		return err
	})
	if err == nil && f.State != store.FileReady {
		err = rapport.Errorf(rapport.NotFound, "not_found", "The file is not complete.")
	}
	return f, err
}
