package attachment

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"rapport"
	"rapport/blob"
	"rapport/channel"
	"rapport/store"
)

// Shelf is where attachments lie. Its methods may be called from any goroutine.
type Shelf struct {
	DB     *store.DB
	Blobs  blob.Store
	Limits channel.MediaLimits
	Log    *slog.Logger
	Key    []byte // signs addresses
	Base   string // "https://chat.example.com", in front of addresses that leave us
	FFmpeg string // the program that converts sound; empty for none

	busy chan struct{} // pictures and sound at work
}

// New returns a shelf; what is left out of it is filled in.
func New(s Shelf) *Shelf {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Blobs == nil {
		s.Blobs = blob.None{}
	}
	s.busy = make(chan struct{}, 2)
	return &s
}

const (
	partLen = 4 << 20
	looseIs = 24 * time.Hour // without an item for this long, an upload is given up
)

// Start is an upload to begin.
type Start struct {
	Owner   string // conversation.OwnerAgent or OwnerPoint
	Purpose string // kind of channel, or channel.Note
	Client  string // desk, mobile, widget, api
	Name    string
	Size    int64
	Budget  Budget
}

// Budget bounds what one owner uploads in a day; zero is no bound.
type Budget struct {
	Files int
	Bytes int64
}

// Begin announces an upload. What could not be sent is refused before a byte
// of it has come.
func (s *Shelf) Begin(ctx context.Context, in Start) (f store.File, err error) {
	if in.Name, err = channel.FileName(in.Name); err != nil {
		return f, err
	}
	if err := s.Limits.CheckFile(in.Purpose, in.Client, in.Name, in.Size); err != nil {
		return f, err
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		f = store.File{
			File: rapport.File{ID: rapport.NewID[rapport.FileID](), Name: in.Name, Size: in.Size}, Owner: in.Owner,
			Purpose: in.Purpose, State: store.FilePartial, CreatedAt: tx.Now(),
		}
		if err := in.Budget.check(tx, in.Owner, 1, in.Size); err != nil {
			return err
		}
		return tx.InsertFile(f)
	})
	if err != nil {
		return store.File{}, err
	}
	return f, nil
}

// check refuses more files and bytes than an owner may upload in a day.
func (b Budget) check(tx *store.Tx, owner string, files int, size int64) error {
	if b == (Budget{}) {
		return nil
	}
	n, bytes, err := tx.FilesOf(owner, tx.Now().Add(-24*time.Hour))
	if err == nil && (n+files > b.Files || bytes+size > b.Bytes) {
		err = rapport.Errorf(rapport.TooMany, "too_many_files", "That were %d files with %d MB in a day already; the next ones go tomorrow.", n, bytes>>20)
	}
	return err
}

// Of returns an upload or file of an owner; what others have does not exist for
// them.
func (s *Shelf) Of(ctx context.Context, owner string, id rapport.FileID) (f store.File, err error) {
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		f, err = tx.File(id)
		return err
	})
	if err == nil && f.Owner != owner {
		err = rapport.Errorf(rapport.NotFound, "not_found", "There is no file %.40q.", id)
	}
	return f, err
}

// Drop gives an upload up that no item has.
func (s *Shelf) Drop(ctx context.Context, owner string, id rapport.FileID) error {
	if _, err := s.Of(ctx, owner, id); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		dropped, err := tx.DropFile(id, owner)
		if err == nil && !dropped {
			err = rapport.Errorf(rapport.Conflict, "file_used", "The file was sent already.")
		}
		return err
	})
}

// Sweep gives up what nobody took, and removes the bytes of what is gone and the
// parts of what is whole, also those that a process left that was killed. A crash
// in between leaves rows, which the next sweep finds.
func (s *Shelf) Sweep(ctx context.Context) error {
	const atOnce = 100
	for {
		var gone, whole []store.File
		err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
			if gone, err = tx.GoneFiles(atOnce); err == nil {
				whole, err = tx.JoinedFiles(atOnce)
			}
			return err
		})
		if err != nil {
			return err
		}
		var forgotten, joined []rapport.FileID
		for _, f := range gone {
			if err := s.remove(ctx, f, ""); err != nil {
				return err
			}
			forgotten = append(forgotten, f.ID)
		}
		for _, f := range whole {
			if err := s.remove(ctx, f, "/"); err != nil {
				return err
			}
			joined = append(joined, f.ID)
		}
		err = s.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.ForgetFiles(forgotten); err != nil {
				return err
			}
			if err := tx.ForgetParts(joined); err != nil {
				return err
			}
			return tx.DropLooseFiles(tx.Now().Add(-looseIs))
		})
		if err != nil || max(len(gone), len(whole)) < atOnce {
			return err
		}
	}
}

// remove deletes all bytes of a file whose keys go on like this.
func (s *Shelf) remove(ctx context.Context, f store.File, ending string) error {
	keys, err := s.Blobs.Keys(ctx, string(f.ID))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if !strings.HasPrefix(key, string(f.ID)+ending) {
			continue
		}
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

func thumbOf(id rapport.FileID) string { return string(id) + ".thumb" }
func soundOf(id rapport.FileID) string { return string(id) + ".mp3" }
