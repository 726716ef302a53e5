package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Disk is a folder.
type Disk struct{ dir string }

// OpenDisk uses a folder, and makes it when it is not there.
func OpenDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(filepath.Join(dir, "coming"), 0o700); err != nil {
		return nil, err
	}
	return &Disk{dir}, nil
}

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
