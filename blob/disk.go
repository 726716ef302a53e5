package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Disk is a folder.
type Disk struct{ dir string }

// OpenDisk uses a folder, and makes it when it is not there. What a process that
// was killed left on its way for a day is removed.
func OpenDisk(dir string) (*Disk, error) {
	coming := filepath.Join(dir, "coming")
	if err := os.MkdirAll(coming, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(coming)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > leftFor {
			_ = os.Remove(filepath.Join(coming, e.Name())) // the next start tries again
		}
	}
	return &Disk{dir}, nil
}

// leftFor is how old bytes on their way are that nobody brings any more.
const leftFor = 24 * time.Hour

// Where implements Store.
func (d *Disk) Where() string { return d.dir }

// path spreads files over folders by the last letters of their id, which are
// random.
func (d *Disk) path(key string) string {
	id, _, _ := strings.Cut(key, ".")
	id, _, _ = strings.Cut(id, "/")
	return filepath.Join(d.dir, id[len(id)-2:], strings.ReplaceAll(key, "/", "_"))
}

// Put implements Store: the bytes come under another name, are forced to disk
// and get their own name then.
func (d *Disk) Put(ctx context.Context, key string, r io.Reader, size int64) (err error) {
	if err := checkKey(key); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Join(d.dir, "coming"), "blob-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	n, err := io.Copy(f, &polite{ctx, io.LimitReader(r, size)})
	if err == nil && n != size {
		err = errShort
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	path := d.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return errors.Join(syncDir(filepath.Dir(path)), syncDir(d.dir))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

type diskObject struct {
	*os.File
	size int64
}

func (o diskObject) Size() int64 { return o.size }

// Open implements Store.
func (d *Disk) Open(_ context.Context, key string) (Object, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	f, err := os.Open(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(key)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return diskObject{f, info.Size()}, nil
}

// Delete implements Store.
func (d *Disk) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := os.Remove(d.path(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Keys implements Store.
func (d *Disk) Keys(_ context.Context, id string) (list []string, err error) {
	if err := checkID(id); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Dir(d.path(id)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if key := strings.ReplaceAll(e.Name(), "_", "/"); of(id, key) {
			list = append(list, key)
		}
	}
	return list, err
}

// polite ends a copy with its context.
type polite struct {
	ctx context.Context
	r   io.Reader
}

func (p *polite) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
