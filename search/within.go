package search

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/store"
)

// Within is what was found in one conversation (S3-32).
type Within struct {
	Hits    []WithinHit `json:"hits" doc:"From the oldest to the newest; the newest 500."`
	Count   int         `json:"count" doc:"How many items have hits, also beyond those listed."`
	Partial bool        `json:"partial,omitempty" doc:"The conversation is so long that only its newest items were looked through."`
}

// WithinHit is an item in which the text is.
type WithinHit struct {
	Seq        int               `json:"seq"`
	By         rapport.PartyKind `json:"by" enum:"customer,agent,bot,system"`
	AuthorName string            `json:"author_name,omitempty"`
	At         time.Time         `json:"at"`
	Marked     []Piece           `json:"marked"`
}

const (
	mostWithin = 500    // hits that are listed
	mostRead   = 50_000 // items that are looked through
	readAtOnce = 1000
)

// FindWithin looks through all messages and notes of a conversation for a text,
// letter by letter, without regard to case and accents. Who calls it has made
// sure that the actor may see the conversation.
func FindWithin(tx *store.Tx, id rapport.ConversationID, text string) (Within, error) {
	w := Within{Hits: []WithinHit{}}
	want := Fold(strings.TrimSpace(text[:ahead(text, 0, MostText)]))
	if want == "" {
		return w, nil
	}
	c, err := tx.Conversation(id)
	if err != nil {
		return w, err
	}
	after := max(0, c.LastSeq-mostRead)
	w.Partial = after > 0
	for {
		texts, err := tx.Texts(id, after, readAtOnce)
		if err != nil {
			return w, err
		}
		for i := range texts {
			t := &texts[i]
			hits := find(t.Body, want)
			if len(hits) == 0 {
				continue
			}
			w.Count++
			w.Hits = append(w.Hits, WithinHit{Seq: t.Seq, By: t.By, AuthorName: t.Name, At: t.At, Marked: pieces(t.Body, hits)})
			if len(w.Hits) > mostWithin {
				w.Hits = w.Hits[1:]
			}
		}
		if len(texts) < readAtOnce {
			return w, nil
		}
		after = texts[len(texts)-1].Seq
	}
}

// find returns where a folded text stands in another.
func find(text, want string) (hits []span) {
	folded := make([]byte, 0, len(text))
	var origin []int // of each folded byte, where its letter stands
	for at, r := range text {
		n := len(folded)
		folded = foldRune(r, folded)
		for range len(folded) - n {
			origin = append(origin, at)
		}
	}
	for at := 0; ; {
		i := bytes.Index(folded[at:], []byte(want))
		if i < 0 {
			return hits
		}
		last := origin[at+i+len(want)-1]
		_, n := utf8.DecodeRuneInString(text[last:])
		hits = append(hits, span{origin[at+i], last + n})
		at += i + len(want)
	}
}
