// Package sms counts what a text message costs: networks carry and bill texts
// in parts (3GPP TS 23.038 for the alphabet, TS 23.040 §9.2.3.24.1 for the
// header that joins parts).
//
//	alphabet                           alone   in several parts, each
//	GSM 7-bit                            160   153   some characters count double
//	UCS-2, once any other character is    70    67   an emoji counts two and is not cut
package sms

import "unicode/utf16"

// Count is what a text takes.
type Count struct {
	Unicode  bool `json:"unicode"`  // one character at least is not in the GSM alphabet
	Units    int  `json:"units"`    // septets, or UTF-16 units
	Segments int  `json:"segments"` // parts that are sent and billed; 0 for no text
	Left     int  `json:"left"`     // units that fit into the last part still
}

const (
	basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extra = "\f^{}\\[~]|€" // behind an escape: two septets
)

var septets = func() map[rune]int {
	m := map[rune]int{}
	for _, r := range basic {
		m[r] = 1
	}
	for _, r := range extra {
		m[r] = 2
	}
	return m
}()

// Of counts a text.
func Of(text string) Count {
	weights, unicode := weigh(text)
	single, part := 160, 153
	if unicode {
		single, part = 70, 67
	}
	c := Count{Unicode: unicode}
	for _, n := range weights {
		c.Units += n
	}
	switch {
	case c.Units == 0:
		c.Left = single
	case c.Units <= single:
		c.Segments, c.Left = 1, single-c.Units
	default: // a character of two units is not cut, so a part may stay one short
		c.Segments = 1
		used := 0
		for _, n := range weights {
			if used+n > part {
				c.Segments++
				used = 0
			}
			used += n
		}
		c.Left = part - used
	}
	return c
}

// weigh gives the units of each character.
func weigh(text string) (weights []int, unicode bool) {
	for _, r := range text {
		n, known := septets[r]
		if !known {
			unicode = true
			break
		}
		weights = append(weights, n)
	}
	if !unicode {
		return weights, false
	}
	weights = weights[:0]
	for _, r := range text {
		weights = append(weights, max(utf16.RuneLen(r), 1))
	}
	return weights, true
}
