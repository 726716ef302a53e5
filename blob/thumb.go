package blob

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

const (
	// MaxPixels is the largest picture that is decoded: 50 megapixels, as
	// phones make them. What promises more is not touched.
	MaxPixels = 50_000_000
	// mostMemory bounds what a decoded picture may take.
	mostMemory = 200 << 20
	// ThumbSide is the longer side of a thumbnail.
	ThumbSide = 480
)

// ErrTooLarge says that a picture has more pixels than is decoded here.
var ErrTooLarge = errors.New("the picture has too many pixels")

// Picture is what the head of a picture says, as one looks at it.
type Picture struct {
	Width, Height int
	turn          int // by EXIF, 1 to 8
	format        string
}

// Look reads the head of a picture.
func Look(r io.ReadSeeker) (p Picture, err error) {
	config, format, err := image.DecodeConfig(r)
	if err != nil {
		return p, err
	}
	p = Picture{Width: config.Width, Height: config.Height, turn: 1, format: format}
	pixels := int64(config.Width) * int64(config.Height)
	deep := int64(4)
	switch config.ColorModel {
	case color.YCbCrModel:
		deep = 3
	case color.RGBA64Model, color.NRGBA64Model:
		deep = 8
	}
	if config.Width < 1 || config.Height < 1 || pixels > MaxPixels || pixels*deep > mostMemory {
		return p, fmt.Errorf("%w: %d × %d", ErrTooLarge, config.Width, config.Height)
	}
	if format == "jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return p, err
		}
		p.turn = orientation(io.LimitReader(r, 256<<10))
		if p.turn >= 5 {
			p.Width, p.Height = p.Height, p.Width
		}
	}
	return p, nil
}

// Thumbnail makes a small copy of a picture, turned the right way up. It
// decodes only what Look found within bounds.
func Thumbnail(r io.ReadSeeker, p Picture) ([]byte, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	full, _, err := image.Decode(r)
	if err != nil {
		return nil, err
	}
	b := full.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > ThumbSide {
		w, h = max(w*ThumbSide/longer, 1), max(h*ThumbSide/longer, 1)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), full, b, draw.Src, nil)
	turned := turn(small, p.turn)
	var out bytes.Buffer
	if opaque(turned) {
		err = jpeg.Encode(&out, turned, &jpeg.Options{Quality: 80})
	} else {
		err = png.Encode(&out, turned)
	}
	return out.Bytes(), err
}

func opaque(m *image.RGBA) bool { return m.Opaque() }

// turn brings a picture into the position that EXIF describes.
func turn(m *image.RGBA, how int) *image.RGBA {
	if how < 2 || how > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var tx, ty int
			switch how {
			case 2:
				tx, ty = w-1-x, y
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				tx, ty = x, h-1-y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetRGBA(tx, ty, m.RGBAAt(x, y))
		}
	}
	return out
}
