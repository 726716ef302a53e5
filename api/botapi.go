package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/conversation"
	"rapport/gateway"
	"rapport/handoff"
	"rapport/lib/jsonbody"
	"rapport/lib/problem"
	"rapport/store"
)

// The bot API is for bots that answer later (handoff.Caps.Later). It knows the
// conversations that the bot holds, and nothing else.

type botKey struct{}

// enforceBot lets the bearer of a bot's token through.
func (s *server) enforceBot(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	w.Header().Set("Cache-Control", "no-store")
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	var b rapport.Bot
	known := false
	if found && strings.EqualFold(scheme, "Bearer") && token != "" {
		var err error
		if b, known, err = s.botOf(r.Context(), token); err != nil {
			s.write(w, r, err)
			return
		}
	}
	if !known {
		if wait, ok := s.byAddress.Allow(s.Proxies.Of(r).String()); !ok {
			w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
			problem.Write(w, rapport.Errorf(rapport.TooMany, "too_many", "Too many wrong tokens; wait a moment."))
			return
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="Rapport bot"`)
		problem.Write(w, rapport.Errorf(rapport.Unauthenticated, "unauthorized", "The token of the bot is missing or wrong; send it as Authorization: Bearer …"))
		return
	}
	if wait, ok := s.byBot.Allow(b.ID); !ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		problem.Write(w, rapport.Errorf(rapport.TooMany, "too_many", "This bot calls too often; wait a moment."))
		return
	}
	serve(w, r.WithContext(context.WithValue(r.Context(), botKey{}, b)))
}

// botOf finds the enabled bot that a token is of. All are compared, in time
// that does not depend on the token.
func (s *server) botOf(ctx context.Context, token string) (b rapport.Bot, found bool, err error) {
	given := sha256.Sum256([]byte(token))
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		all, err := tx.BotSecrets()
		if err != nil {
			return err
		}
		for id, sealed := range all {
			text, there := sealed[handoff.TokenOption]
			if !there {
				continue
			}
			secret, err := s.Box.Open(text, string(id))
			if err != nil {
				continue // sealed with another key: nobody can show it
			}
			own := sha256.Sum256([]byte(secret.Reveal()))
			if subtle.ConstantTimeCompare(own[:], given[:]) == 1 {
				if b, _, err = tx.Bot(id); err != nil {
					return err
				}
				found = true
			}
		}
		return nil
	})
	return b, found, err
}

// botCall reads a call and does what it says: body is decoded, do makes the
// answer of it.
func (s *server) botCall(w http.ResponseWriter, r *http.Request, body any, do func(tx *store.Tx) (handoff.Answer, error)) {
	if err := jsonbody.Read(w, r, mostBody, body); err != nil {
		problem.Write(w, err)
		return
	}
	key := r.Header.Get("Idempotency-Key")
	if key == "" || len(key) > 100 || !utf8.ValidString(key) {
		problem.Write(w, rapport.Invalidf("Idempotency-Key", "Send the header Idempotency-Key of 1 to 100 bytes, so that a repeat is not done twice."))
		return
	}
	b := r.Context().Value(botKey{}).(rapport.Bot)
	var got botDone
	err := s.DB.Update(r.Context(), func(tx *store.Tx) error {
		answer, err := do(tx)
		if err != nil {
			return err
		}
		if err := answer.Validate(); err != nil {
			return err
		}
		if answer.Handoff != nil { // who can hear a refusal can name somebody else
			if _, err := gateway.Named(tx, *answer.Handoff); err != nil {
				return err
			}
		}
		said, err := gateway.Said(tx, answer)
		if err != nil {
			return err
		}
		got, err = speak(tx, b, rapport.ConversationID(r.PathValue("id")), key, said)
		return err
	})
	if err != nil {
		s.write(w, r, err)
		return
	}
	text, err := json.Marshal(got)
	if err != nil {
		s.write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

// botDone is the answer to a call.
type botDone struct {
	ConversationID rapport.ConversationID `json:"conversation_id"`
	Seq            int                    `json:"seq,omitempty"` // of the first item that came of it
	Duplicate      bool                   `json:"duplicate"`
}

func speak(tx *store.Tx, b rapport.Bot, id rapport.ConversationID, key string, said conversation.Said) (botDone, error) {
	item, fresh, err := conversation.BotSpeaks(tx, b, id, key, said)
	return botDone{ConversationID: id, Seq: item.Seq, Duplicate: !fresh}, err
}

// botMessages: POST {"text": …, "buttons": […]} or {"messages": […], "end": true}.
func (s *server) botMessages(w http.ResponseWriter, r *http.Request) {
	var in struct {
		handoff.Say
		Messages []handoff.Say `json:"messages"`
		End      bool          `json:"end"`
	}
	s.botCall(w, r, &in, func(*store.Tx) (handoff.Answer, error) {
		a := handoff.Answer{Messages: in.Messages, End: in.End}
		if in.Text == "" && len(in.Buttons) > 0 {
			return a, rapport.Invalidf("buttons", "Buttons stand below a text; send text with them, or put them into one of messages.")
		}
		if in.Text != "" {
			a.Messages = append([]handoff.Say{in.Say}, a.Messages...)
		}
		if len(a.Messages) == 0 {
			return a, rapport.Invalidf("text", "There is no message; send text or messages.")
		}
		return a, nil
	})
}

func (s *server) botHandsOff(w http.ResponseWriter, r *http.Request) {
	var in handoff.Handoff
	s.botCall(w, r, &in, func(*store.Tx) (handoff.Answer, error) { return handoff.Answer{Handoff: &in}, nil })
}

// botFields: POST {"fields": {…}, "tags": […]}.
func (s *server) botFields(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Fields map[string]string `json:"fields"`
		Tags   []string          `json:"tags"`
	}
	s.botCall(w, r, &in, func(*store.Tx) (handoff.Answer, error) {
		if len(in.Fields)+len(in.Tags) == 0 {
			return handoff.Answer{}, rapport.Invalidf("fields", "There is nothing to note; send fields or tags.")
		}
		return handoff.Answer{Fields: in.Fields, Tags: in.Tags}, nil
	})
}
