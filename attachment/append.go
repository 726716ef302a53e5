package attachment

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rapport"
	"rapport/blob"
	"rapport/channel"
	"rapport/store"
)

// Append adds bytes to an upload from an offset on and keeps whatever came,
// also when the reader fails halfway. With the last byte the file is complete,
// looked at and ready. Repeating the last call is harmless.
func (s *Shelf) Append(ctx context.Context, owner string, id rapport.FileID, offset int64, r io.Reader) (store.File, error) {
	f, err := s.Of(ctx, owner, id)
	if err != nil {
		return f, err
	}
	if f.State == store.FileReady && offset == f.Size {
		return f, nil
	}
	if f.State == store.FileReady || offset != f.Received {
		return f, rapport.Errorf(rapport.Conflict, "wrong_offset", "%d bytes of %s are here; go on from there.", f.Received, f.Name).With("offset", f.Received)
	}
	// What came is kept although the caller is gone: that is what resuming means.
	keep := context.WithoutCancel(ctx)
	buffer := make([]byte, min(partLen, f.Size-f.Received+1))
	for f.Received < f.Size {
		n, cut := io.ReadFull(r, buffer[:min(partLen, f.Size-f.Received+1)])
		if int64(n) > f.Size-f.Received {
			return f, s.refuse(keep, f, rapport.Invalidf("files", "More bytes came for %s than the %d that were announced.", f.Name, f.Size))
		}
		if n > 0 {
			if f, err = s.grow(keep, f, buffer[:n]); err != nil {
				return f, err
			}
		}
		if cut == nil {
			continue
		}
		if !errors.Is(cut, io.EOF) && !errors.Is(cut, io.ErrUnexpectedEOF) {
			return f, rapport.Errorf(rapport.Unavailable, "interrupted", "The upload was interrupted; go on from byte %d.", f.Received)
		}
		break
	}
	if f.Received < f.Size {
		return f, nil
	}
	if more, _ := io.ReadFull(r, make([]byte, 1)); more > 0 {
		return f, s.refuse(keep, f, rapport.Invalidf("files", "More bytes came for %s than the %d that were announced.", f.Name, f.Size))
	}
	return s.finish(keep, f)
}

// grow keeps one part: bytes first, then the row that counts them.
func (s *Shelf) grow(ctx context.Context, f store.File, part []byte) (store.File, error) {
	random := make([]byte, 4)
	rand.Read(random)
	key := string(f.ID) + "/" + strconv.FormatInt(f.Received, 10) + "-" + hex.EncodeToString(random)
	if err := s.Blobs.Put(ctx, key, bytes.NewReader(part), int64(len(part))); err != nil {
		return f, fmt.Errorf("keep a part of an upload: %w", err)
	}
	grown := f
	grown.Received += int64(len(part))
	grown.Size = max(grown.Size, grown.Received) // of Take nobody knows it before
	grown.Parts = append(append([]store.FilePart{}, f.Parts...), store.FilePart{Key: key, Size: int64(len(part))})
	fresh := false
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		fresh, err = tx.GrowFile(grown, f.Received)
		return err
	})
	if err == nil && !fresh {
		err = rapport.Errorf(rapport.Conflict, "wrong_offset", "Somebody else is uploading %s as well; ask how far it is.", f.Name)
	}
	if err != nil {
		if gone := s.Blobs.Delete(ctx, key); gone != nil {
			s.Log.Warn("a part of an upload stays behind", "file", f.ID, "error", gone)
		}
		return f, err
	}
	return grown, nil
}

// refuse gives a file up for good and returns why.
func (s *Shelf) refuse(ctx context.Context, f store.File, why error) error {
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.DropFile(f.ID, f.Owner)
		return err
	})
	if err != nil {
		return err
	}
	return why
}

// finish joins the parts, looks at the whole, and makes it usable.
func (s *Shelf) finish(ctx context.Context, f store.File) (store.File, error) {
	if err := s.join(ctx, f); err != nil {
		return f, err
	}
	o, err := s.Blobs.Open(ctx, string(f.ID))
	if err != nil {
		return f, err
	}
	defer o.Close()
	head := make([]byte, blob.SniffLen)
	n, err := io.ReadFull(o, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, err
	}
	head = head[:n]
	f.Type = blob.Sniff(head, f.Name)
	if err := s.Limits.CheckType(f.Name, f.Type, func(kind string) bool { return blob.Is(head, kind) }); err != nil {
		return f, s.refuse(ctx, f, err)
	}
	if strings.HasPrefix(f.Type, "image/") {
		s.picture(ctx, &f, o)
	}
	finished := false
	err = s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		finished, err = tx.FinishFile(f.File)
		return err
	})
	if err != nil {
		return f, err
	}
	if !finished { // by another call, at the same time; the same bytes
		return s.Of(ctx, f.Owner, f.ID)
	}
	for _, p := range f.Parts {
		if err := s.Blobs.Delete(ctx, p.Key); err != nil {
			s.Log.Warn("a part of an upload stays behind", "file", f.ID, "error", err)
		}
	}
	f.State, f.Parts = store.FileReady, nil
	return f, nil
}

func (s *Shelf) join(ctx context.Context, f store.File) error {
	parts := make([]io.Reader, 0, len(f.Parts))
	for _, p := range f.Parts {
		parts = append(parts, &lazy{open: func() (io.ReadCloser, error) { return s.Blobs.Open(ctx, p.Key) }})
	}
	if err := s.Blobs.Put(ctx, string(f.ID), io.MultiReader(parts...), f.Size); err != nil {
		return fmt.Errorf("join the parts of an upload: %w", err)
	}
	return nil
}

// lazy opens what it reads when it is read, and closes it at its end.
type lazy struct {
	open func() (io.ReadCloser, error)
	r    io.ReadCloser
	done bool
}

func (l *lazy) Read(p []byte) (n int, err error) {
	if l.done {
		return 0, io.EOF
	}
	if l.r == nil {
		if l.r, err = l.open(); err != nil {
			return 0, err
		}
	}
	n, err = l.r.Read(p)
	if err != nil {
		l.done = true
		if closed := l.r.Close(); errors.Is(err, io.EOF) && closed != nil {
			err = closed
		}
	}
	return n, err
}

// picture measures a picture and makes its thumbnail. One that cannot be
// decoded, or should not, is a file like any other.
func (s *Shelf) picture(ctx context.Context, f *store.File, o blob.Object) {
	s.busy <- struct{}{}
	defer func() { <-s.busy }()
	if _, err := o.Seek(0, io.SeekStart); err != nil {
		return
	}
	p, err := blob.Look(o)
	if err != nil {
		s.Log.Debug("a picture without thumbnail", "file", f.ID, "error", err)
		return
	}
	f.Width, f.Height = p.Width, p.Height
	small, err := blob.Thumbnail(o, p)
	if err == nil {
		err = s.Blobs.Put(ctx, thumbOf(f.ID), bytes.NewReader(small), int64(len(small)))
	}
	if f.Thumb = err == nil; err != nil {
		s.Log.Debug("a picture without thumbnail", "file", f.ID, "error", err)
	}
}

// Take is Begin and Append at once, of a file whose size need not be known before:
// it is kept part by part, and given up as soon as it turns out to be too large, or
// does not come to its end.
func (s *Shelf) Take(ctx context.Context, in Start, r io.Reader) (f store.File, err error) {
	keep := context.WithoutCancel(ctx)
	defer func() {
		if err != nil && f.ID != "" {
			err = s.refuse(keep, f, err)
		}
	}()
	var part bytes.Buffer
	for n := int64(partLen); n == partLen; {
		part.Reset()
		if n, err = part.ReadFrom(io.LimitReader(r, partLen)); err != nil {
			return f, err
		}
		in.Size += n
		if f.ID == "" {
			f, err = s.Begin(ctx, in)
		} else if n > 0 {
			err = s.goOn(ctx, in, f.Name, n)
		}
		if err != nil {
			return f, s.whole(in, r, err)
		}
		if n > 0 {
			if f, err = s.grow(keep, f, part.Bytes()); err != nil {
				return f, err
			}
		}
	}
	return s.finish(keep, f)
}

// goOn refuses the last part of a file that has become too large with it.
func (s *Shelf) goOn(ctx context.Context, in Start, name string, part int64) error {
	if err := s.Limits.CheckFile(in.Purpose, in.Client, name, in.Size); err != nil {
		return err
	}
	return s.DB.View(ctx, func(tx *store.Tx) error { return in.Budget.check(tx, in.Owner, 0, part) })
}

// whole reads what else comes of a refused file, as far as one may come: a caller
// still sends, and hears how large the whole is.
func (s *Shelf) whole(in Start, r io.Reader, why error) error {
	most := s.Limits.Clients[in.Client]
	if most == 0 {
		most = 25 << 20
	}
	rest, _ := io.CopyN(io.Discard, r, max(most+1-in.Size, 0)) // what does not come is not missed
	name, err := channel.FileName(in.Name)
	if err != nil {
		return why
	}
	if err := s.Limits.CheckFile(in.Purpose, in.Client, name, in.Size+rest); err != nil {
		return err
	}
	return why
}
