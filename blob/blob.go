package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"rapport"
)

// Store is where bytes are kept.
type Store interface {
	// Put keeps size bytes under a key and returns once they are safe.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Open reads them; of kind NotFound when there is nothing under the key.
	Open(ctx context.Context, key string) (Object, error)
	// Delete removes what is there; that nothing is, is no error.
	Delete(ctx context.Context, key string) error
	// Keys lists what is kept of an id: its own key and those that go on with a
	// dot or a slash, in no order.
	Keys(ctx context.Context, id string) ([]string, error)
	// Where says for people where the bytes are, without secrets.
	Where() string
}

// Object is what is kept under a key.
type Object interface {
	io.ReadSeekCloser
	Size() int64
}

// keys are ids with what was made of them behind a dot, and parts of uploads.
var keys = regexp.MustCompile(`^[0-9a-z]{2,40}(/[0-9a-z-]{1,60})?(\.[0-9a-z]{1,8})?$`)

func checkKey(key string) error {
	if !keys.MatchString(key) {
		return fmt.Errorf("%q is no key of a blob", key)
	}
	return nil
}

// ids are what keys begin with.
var ids = regexp.MustCompile(`^[0-9a-z]{2,40}$`)

func checkID(id string) error {
	if !ids.MatchString(id) {
		return fmt.Errorf("%q is no id of a blob", id)
	}
	return nil
}

// of tells whether a key belongs to an id.
func of(id, key string) bool {
	rest, found := strings.CutPrefix(key, id)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '/')
}

func missing(key string) error {
	return rapport.Errorf(rapport.NotFound, "no_blob", "The bytes of %s are not in the store of attachments.", key)
}

var errShort = errors.New("fewer bytes came than were announced")

// Check writes, reads and removes a few bytes: whether a store can be used.
func Check(ctx context.Context, s Store) (err error) {
	key := rapport.NewID[string]() + ".check"
	text := []byte("Rapport writes this to see whether it can, and removes it.")
	if err := s.Put(ctx, key, bytes.NewReader(text), int64(len(text))); err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	defer func() {
		if gone := s.Delete(ctx, key); gone != nil && err == nil {
			err = fmt.Errorf("cannot remove: %w", gone)
		}
	}()
	o, err := s.Open(ctx, key)
	if err != nil {
		return fmt.Errorf("cannot read: %w", err)
	}
	defer o.Close()
	back, err := io.ReadAll(io.LimitReader(o, 1<<10))
	if err != nil {
		return fmt.Errorf("cannot read: %w", err)
	}
	if !bytes.Equal(back, text) {
		return errors.New("what was written reads back as something else")
	}
	return nil
}
