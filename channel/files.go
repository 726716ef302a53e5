package channel

import (
	"context"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"rapport"
)

// Files is the side of Rapport for what messages carry besides texts. All of
// it is about one inbox; files that an adapter takes in belong to the customer
// of a point until a message of theirs has them.
type Files interface {
	// Begin announces an upload of so many bytes. What the channel does not
	// carry is refused.
	Begin(ctx context.Context, from rapport.Point, name string, size int64) (Upload, error)
	// Append adds bytes at an offset and keeps what came, also when the reader
	// fails. Of kind Conflict when the upload is not as far as that.
	Append(ctx context.Context, from rapport.Point, id rapport.FileID, offset int64, r io.Reader) (Upload, error)
	// Upload tells how far one is.
	Upload(ctx context.Context, from rapport.Point, id rapport.FileID) (Upload, error)
	// Drop gives an upload up that no message has.
	Drop(ctx context.Context, from rapport.Point, id rapport.FileID) error
	// Take is Begin and Append of all bytes at once, whose number nobody need
	// know before.
	Take(ctx context.Context, from rapport.Point, name string, r io.Reader) (rapport.File, error)
	// Open reads a file of ours, to send it on.
	Open(ctx context.Context, id rapport.FileID) (io.ReadCloser, error)
	// URL is an address at which whoever has it reads the file for some time;
	// of its thumbnail, if asked for and there is one.
	URL(f rapport.File, life time.Duration, thumb bool) string
}

// Upload is a file on its way.
type Upload struct {
	ID     rapport.FileID `json:"id"`
	Offset int64          `json:"offset" doc:"Bytes that are kept; go on from here."`
	Size   int64          `json:"size"`
	File   *rapport.File  `json:"file,omitempty" doc:"Present once it is complete."`
}

// FileName is what a file is called that is kept under a name: the last part of a
// path, without characters that disturb, and not longer than we keep.
func FileName(name string) (string, error) {
	const most = 150 // bytes
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError || strings.ContainsRune("\"<>|:*?\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(name))
	if strings.Trim(name, "._ ") == "" {
		return "", rapport.Invalidf("name", "A file needs a name with an ending, such as invoice.pdf.")
	}
	if len(name) > most { // the ending stays
		ending := ""
		if at := strings.LastIndexByte(name, '.'); at >= 0 && len(name)-at <= 10 {
			ending = name[at:]
		}
		cut := most - len(ending)
		for cut > 0 && !utf8.RuneStart(name[cut]) {
			cut--
		}
		name = name[:cut] + ending
	}
	return name, nil
}

// noFiles is for adapters that are opened where nothing is kept.
type noFiles struct{}

var errNoFiles = rapport.Errorf(rapport.Unavailable, "no_files", "Attachments are not kept here.")

func (noFiles) Begin(context.Context, rapport.Point, string, int64) (Upload, error) {
	return Upload{}, errNoFiles
}

func (noFiles) Append(context.Context, rapport.Point, rapport.FileID, int64, io.Reader) (Upload, error) {
	return Upload{}, errNoFiles
}

func (noFiles) Upload(context.Context, rapport.Point, rapport.FileID) (Upload, error) {
	return Upload{}, errNoFiles
}

func (noFiles) Drop(context.Context, rapport.Point, rapport.FileID) error { return errNoFiles }

func (noFiles) Take(context.Context, rapport.Point, string, io.Reader) (rapport.File, error) {
	return rapport.File{}, errNoFiles
}

func (noFiles) Open(context.Context, rapport.FileID) (io.ReadCloser, error) { return nil, errNoFiles }

func (noFiles) URL(rapport.File, time.Duration, bool) string { return "" }
