package blob

import (
	"encoding/binary"
	"io"
)

// orientation finds how a JPEG is turned: the tag 0x0112 of the first directory
// in its EXIF part (EXIF 2.3 §4.6.4). What cannot be read is upright.
func orientation(r io.Reader) int {
	const upright = 1
	data, err := io.ReadAll(r)
	if err != nil || len(data) < 4 || data[0] != 0xff || data[1] != 0xd8 {
		return upright
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(data) { // the picture begins, or it is cut off
			return upright
		}
		part := data[at+4 : at+2+size]
		if marker == 0xe1 && len(part) > 14 && string(part[:6]) == "Exif\x00\x00" {
			return tagOf(part[6:])
		}
		at += 2 + size
	}
	return upright
}

// tagOf reads the orientation from a TIFF header and its first directory.
func tagOf(tiff []byte) int {
	const upright = 1
	var order binary.ByteOrder
	switch string(tiff[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return upright
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + i*12
		if entry+12 > len(tiff) {
			return upright
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			return upright
		}
	}
	return upright
}
