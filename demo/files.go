package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
)

// leaf draws a plant in a pot, which nobody else has rights to; cracked shows the
// pot as it arrived.
func leaf(cracked bool) []byte {
	const w, h = 640, 480
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	green := [3]color.RGBA{{0x2f, 0x6b, 0x3d, 0xff}, {0x4c, 0x8f, 0x50, 0xff}, {0x7d, 0xb4, 0x6c, 0xff}}
	for y := range h {
		for x := range w {
			at := color.RGBA{0xf2, 0xee, uint8(0xe2 - y/24), 0xff}
			if y > 400 { // the table
				at = color.RGBA{0xd8, 0xc3, 0xa0, 0xff}
			}
			for i := range 7 { // leaves: ellipses around the stem
				turn := -1.3 + float64(i)*0.43
				cx, cy := 320+math.Sin(turn)*115, 215-math.Cos(turn)*95
				dx, dy := float64(x)-cx, float64(y)-cy
				along, across := dx*math.Sin(turn)-dy*math.Cos(turn), dx*math.Cos(turn)+dy*math.Sin(turn)
				if (along*along)/(88*88)+(across*across)/(30*30) < 1 {
					at = green[i%3]
					if math.Abs(across) < 1.5 {
						at = color.RGBA{0xc9, 0xdf, 0xb5, 0xff}
					}
				}
			}
			if side := 78 - float64(y-270)*0.22; y >= 270 && y < 415 && math.Abs(float64(x-320)) < side {
				at = color.RGBA{0xb8, 0x5c, 0x38, 0xff}
				if y < 295 {
					at = color.RGBA{0x9c, 0x4a, 0x2b, 0xff}
				}
				zigzag := 330 + 14*math.Abs(math.Mod(float64(y)/15, 2)-1)
				if cracked && math.Abs(float64(x)-zigzag) < 2.5 {
					at = color.RGBA{0x2b, 0x17, 0x10, 0xff}
				}
			}
			picture.SetRGBA(x, y, at)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil // an upload of no bytes is refused
	}
	return out.Bytes()
}

// invoice is a document of one page.
func invoice(order, customer string) []byte {
	page := fmt.Sprintf("BT /F1 20 Tf 60 760 Td (Fern & Moss) Tj /F1 12 Tf 0 -40 Td (Invoice for order %s) Tj 0 -20 Td (%s) Tj 0 -40 Td (1 fiddle-leaf fig, 24 cm          49.00 EUR) Tj 0 -20 Td (1 pot, terracotta                  12.50 EUR) Tj 0 -30 Td (Total                                    61.50 EUR) Tj ET", order, customer)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out strings.Builder
	out.WriteString("%PDF-1.4\n")
	var places []int
	for i, o := range objects {
		places = append(places, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return []byte(out.String())
}
