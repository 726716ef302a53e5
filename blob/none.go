package blob

import (
	"context"
	"io"

	"rapport"
)

// None keeps nothing: for programs that run without attachments.
type None struct{}

var errNone = rapport.Errorf(rapport.Unavailable, "no_files", "Attachments are not kept here.")

// Put implements Store.
func (None) Put(context.Context, string, io.Reader, int64) error { return errNone }

// Open implements Store.
func (None) Open(_ context.Context, key string) (Object, error) { return nil, missing(key) }

// Delete implements Store.
func (None) Delete(context.Context, string) error { return nil }

// Keys implements Store.
func (None) Keys(context.Context, string) ([]string, error) { return nil, nil }

// Where implements Store.
func (None) Where() string { return "nowhere" }
