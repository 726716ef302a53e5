package gateway

import (
	"context"
	"io"
	"time"

	"rapport"
	"rapport/attachment"
	"rapport/channel"
	"rapport/conversation"
	"rapport/store"
)

// ofVisitors bounds what one visitor of a website uploads in a day.
var ofVisitors = attachment.Budget{Files: 60, Bytes: 300 << 20}

// files is what an adapter sees of attachments; its host's inbox owns them.
type files struct {
	h    *host
	kind string // of the channel
}

var _ channel.Files = (*files)(nil)

func (f *files) start(from rapport.Point, name string, size int64) attachment.Start {
	in := attachment.Start{Owner: conversation.OwnerPoint(f.h.inbox, from), Purpose: f.kind, Client: clientOf(f.kind), Name: name, Size: size}
	if in.Client == widget {
		in.Budget = ofVisitors
	}
	return in
}

const widget = "widget"

// clientOf is by what customers send files through a kind of channel.
func clientOf(kind string) string {
	if kind == "web" {
		return widget
	}
	return "api"
}

func upload(f store.File, err error) (channel.Upload, error) {
	u := channel.Upload{ID: f.ID, Offset: f.Received, Size: f.Size}
	if f.State == store.FileReady {
		u.File = &f.File
	}
	return u, err
}

// Begin implements channel.Files.
func (f *files) Begin(ctx context.Context, from rapport.Point, name string, size int64) (channel.Upload, error) {
	return upload(f.h.g.Shelf.Begin(ctx, f.start(from, name, size)))
}

// Append implements channel.Files.
func (f *files) Append(ctx context.Context, from rapport.Point, id rapport.FileID, offset int64, r io.Reader) (channel.Upload, error) {
	return upload(f.h.g.Shelf.Append(ctx, conversation.OwnerPoint(f.h.inbox, from), id, offset, r))
}

// Upload implements channel.Files.
func (f *files) Upload(ctx context.Context, from rapport.Point, id rapport.FileID) (channel.Upload, error) {
	return upload(f.h.g.Shelf.Of(ctx, conversation.OwnerPoint(f.h.inbox, from), id))
}

// Drop implements channel.Files.
func (f *files) Drop(ctx context.Context, from rapport.Point, id rapport.FileID) error {
	return f.h.g.Shelf.Drop(ctx, conversation.OwnerPoint(f.h.inbox, from), id)
}

// Take implements channel.Files.
func (f *files) Take(ctx context.Context, from rapport.Point, name string, r io.Reader) (rapport.File, error) {
	taken, err := f.h.g.Shelf.Take(ctx, f.start(from, name, 0), r)
	return taken.File, err
}

// Open implements channel.Files.
func (f *files) Open(ctx context.Context, id rapport.FileID) (io.ReadCloser, error) {
	var kept store.File
	err := f.h.g.DB.View(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.File(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f.h.g.Shelf.Open(ctx, kept, attachment.Whole)
}

// URL implements channel.Files.
func (f *files) URL(of rapport.File, life time.Duration, thumb bool) string {
	form := attachment.Whole
	if thumb && of.Thumb {
		form = attachment.Thumb
	}
	return f.h.g.Shelf.URL(of.ID, form, life)
}
