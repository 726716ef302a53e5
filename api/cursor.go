package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"time"

	"rapport"
)

// place is where a list goes on: after the entry with this key and id. It is
// opaque to clients: base64url of JSON.
type place struct {
	List string    `json:"l"` // which list it belongs to
	At   time.Time `json:"t,omitzero"`
	Text string    `json:"k,omitempty"`
	ID   string    `json:"i"`

	// Of lists of conversations, which go on within a group.
	Group string `json:"g,omitempty"`
	N     int64  `json:"n,omitempty"`
}

func (p place) String() string {
	text, _ := json.Marshal(p) // a struct of texts and a time always can
	return base64.RawURLEncoding.EncodeToString(text)
}

// parsePlace reads a cursor of a list; the empty one is the start.
func parsePlace(list, cursor string) (place, error) {
	var p place
	if cursor == "" {
		return p, nil
	}
	wrong := rapport.Invalidf("cursor", "The cursor does not belong to this list; start again without one.")
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return p, wrong
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || p.List != list || p.ID == "" {
		return place{}, wrong
	}
	return p, nil
}

// page cuts a list that was read one entry too long, and says where the next
// page starts.
func page[T any](items []T, limit int, next func(T) place) list[T] {
	if len(items) <= limit {
		return list[T]{Items: items}
	}
	items = items[:limit]
	return list[T]{Items: items, Next: next(items[limit-1]).String()}
}
