package web

import (
	"net/http"

	"rapport"
	"rapport/channel"
	"rapport/lib/jsonbody"
	"rapport/lib/problem"
)

// survey is what the customer is asked after a conversation.
type survey struct {
	ID       rapport.SurveyID    `json:"id"`
	Question string              `json:"question"`
	Scale    rapport.SurveyScale `json:"scale"`
	Comment  bool                `json:"comment"`
	Thanks   string              `json:"thanks,omitempty"`
}

// survey takes the visitor's answer, once.
func (a *adapter) survey(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	if wait, ok := a.messages.Allow(v.Point); !ok {
		tooMany(w, wait)
		return
	}
	var q rapport.Rating
	if err := jsonbody.Read(w, r, maxRequest, &q); err != nil {
		problem.Write(w, err)
		return
	}
	if err := a.setup.Visitors.Act(r.Context(), v, channel.Action{Rating: &q}); err != nil {
		a.fail(w, "keep an answer", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
