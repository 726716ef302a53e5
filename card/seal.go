package card

import (
	"strings"

	"rapport"
	"rapport/lib/secretbox"
)

// Seal closes the secret headers of a card and returns them by name; the card
// keeps none of them. Where one is masked, the one of before stays, unless
// requests now go to another host: whoever changes the address must know it.
func Seal(box *secretbox.Box, c, before *rapport.Card, sealed map[string]string, mask string) (map[string]string, error) {
	now := map[string]string{}
	for i := range c.Headers {
		h := &c.Headers[i]
		if !h.Secret {
			continue
		}
		field := "headers." + string(rune('0'+i)) + ".value" // there are at most ten
		if h.Value == mask {
			text, there := sealed[h.Name]
			switch {
			case !there:
				return nil, rapport.Invalidf(field, "The header %s has no secret yet; enter it.", h.Name)
			case !within(Origins(c), Origins(before)):
				return nil, rapport.Invalidf(field, "Requests now go to another host; enter the secret of the header %s again.", h.Name)
			}
			now[h.Name] = text
		} else {
			now[h.Name] = box.Seal(secretbox.Secret(h.Value), string(c.ID))
		}
		h.Value = ""
	}
	return now, nil
}

func within(list, others []string) bool {
	for _, one := range list {
		if !strings.Contains(" "+strings.Join(others, " ")+" ", " "+one+" ") {
			return false
		}
	}
	return true
}
