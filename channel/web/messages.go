package web

import (
	"context"
	"net/http"
	"regexp"
	"strconv"

	"rapport"
	"rapport/channel"
	"rapport/lib/jsonbody"
	"rapport/lib/problem"
)

// clientID has no slash: with the visitor's address and a slash before it, no
// two visitors can ever mean the same message.
var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

type messageRequest struct {
	Body     string `json:"body"`
	ClientID string `json:"client_id"`

	Files    []rapport.FileID  `json:"files"`
	Location *rapport.Location `json:"location"`
}

type messageAnswer struct {
	Item         item          `json:"item"`
	Conversation *conversation `json:"conversation"`
}

func (a *adapter) message(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	if wait, ok := a.messages.Allow(v.Point); !ok {
		tooMany(w, wait)
		return
	}
	var q messageRequest
	err := jsonbody.Read(w, r, maxRequest, &q)
	if err == nil {
		err = a.check(&q)
	}
	if err != nil {
		problem.Write(w, err)
		return
	}
	got, err := a.setup.Host.Receive(r.Context(), channel.Inbound{
		ExternalID: v.Point.Address + "/" + q.ClientID,
		Points:     []rapport.Point{v.Point},
		Name:       v.Contact.Name,
		Known:      v.Verified,
		Body:       q.Body,
		Files:      q.Files,
		Location:   q.Location,
	})
	if err != nil {
		a.fail(w, "receive a message", err)
		return
	}
	a.answer(w, http.StatusOK, messageAnswer{a.shownItem(v, got.Item, &got.Conversation), shownConversation(&got.Conversation)})
}

func (a *adapter) check(q *messageRequest) (err error) {
	if !clientID.MatchString(q.ClientID) {
		return rapport.Invalidf("client_id", "A client_id of 1 to 64 letters, digits, - or _ is needed, so that a repeat is not stored twice.")
	}
	if can := a.carries(); len(q.Files) > can.MaxFiles {
		if can.MaxFiles == 0 {
			return errNoUploads
		}
		return rapport.Invalidf("files", "A message has at most %d files; these are %d.", can.MaxFiles, len(q.Files))
	}
	if q.Location != nil {
		if err := a.setup.Contents.CheckPlace("location", q.Location); err != nil {
			return err
		}
		if err := q.Location.Validate("location"); err != nil {
			return err
		}
	}
	content := rapport.Content{Files: make([]rapport.File, len(q.Files)), Location: q.Location}
	if q.Body, err = content.ValidText("body", q.Body); err != nil {
		return err
	}
	return a.setup.Contents.CheckText("body", q.Body)
}

func (a *adapter) items(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	cursor, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil || cursor < 0 {
		problem.Write(w, rapport.Invalidf("after", "after is not a cursor that this server gave."))
		return
	}
	t, err := a.setup.Visitors.After(r.Context(), v, cursor)
	if err != nil {
		a.fail(w, "read a conversation", err)
		return
	}
	a.answer(w, http.StatusOK, a.shown(v, t))
	a.delivered(r.Context(), t)
}

type seenRequest struct {
	Seq int `json:"seq"`
}

func (a *adapter) seen(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	var q seenRequest
	err := jsonbody.Read(w, r, maxRequest, &q)
	if err == nil && q.Seq < 1 {
		err = rapport.Invalidf("seq", "Items are numbered from 1; %d is none.", q.Seq)
	}
	if err == nil {
		err = a.setup.Visitors.Act(r.Context(), v, channel.Action{Seen: q.Seq})
	}
	if err != nil {
		a.fail(w, "note what was seen", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// delivered reports the messages of ours that have just been handed to the
// browser. A report that fails is made good by the next one.
func (a *adapter) delivered(ctx context.Context, t channel.Thread) {
	latest := map[rapport.ConversationID]int{}
	for _, i := range t.Items {
		if i.By != rapport.ByCustomer && i.Kind == rapport.ItemMessage && i.Delivery != rapport.Failed && rapport.Delivered.After(i.Delivery) {
			latest[i.ConversationID] = max(latest[i.ConversationID], i.Seq)
		}
	}
	for id, seq := range latest {
		err := a.setup.Host.Report(context.WithoutCancel(ctx), channel.Report{ConversationID: id, Seq: seq, Delivery: rapport.Delivered})
		if err != nil {
			a.setup.Log.Warn("cannot report a delivery", "channel", info.Kind, "conversation", id, "error", err)
		}
	}
}
