// Package api is the API channel: any system hands over messages of customers
// by HTTP and gets the replies by signed webhook (Standard Webhooks 1.0).
//
//	POST messages   a customer's message; repeats with the same key are absorbed
//	POST status     how far a reply of ours got
//	POST files      a file for a later message
package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rapport"
	"rapport/channel"
	"rapport/lib/option"
	"rapport/lib/problem"
)

var info = channel.Info{
	Kind: "api",
	Name: "API",
	Help: "Your own systems post customers' messages over HTTP and receive the replies by webhook.",
	Caps: channel.Caps{Contents: channel.ContentsOf("api"), Receives: true, Delivered: true, Seen: true, Identity: true,
		Reach: rapport.Reach{Begins: rapport.BeginsAddress, Points: []rapport.PointKind{rapport.PointExternal, rapport.PointPhone, rapport.PointEmail}}},
	Options: []channel.Option{
		{
			Name: "token", Type: channel.Secret, Label: "Token", Secret: true, Required: true, Prefix: "rpt_", Fit: option.AtLeast(20),
			Help: "Goes into the header Authorization: Bearer … of every request to this inbox.",
		},
		{
			Name: "webhook_url", Type: channel.URL, Label: "Webhook address", Example: "https://example.com/rapport",
			Help: "Replies are posted here. Without it agents cannot reply in this inbox.",
		},
		{
			Name: "webhook_secret", Type: channel.Secret, Label: "Webhook secret", Secret: true, Required: true, Prefix: "whsec_", Fit: option.WebhookSecret,
			Help: "Replies are signed with it, as Standard Webhooks describes.",
		},
	},
}

func init() { channel.Register(info, open) }

var (
	_ http.Handler   = (*adapter)(nil)
	_ channel.Sender = (*adapter)(nil)
)

type adapter struct {
	setup  channel.Setup
	token  [sha256.Size]byte // of the token
	url    string
	signer *webhooks.Webhook
	routes *http.ServeMux
}

func open(s channel.Setup) (channel.Adapter, error) {
	token := s.Values.Secret("token").Reveal()
	if token == "" {
		return nil, rapport.Invalidf("options.token", "The inbox %s has no token; make a new one.", s.Inbox.Name)
	}
	a := &adapter{setup: s, token: sha256.Sum256([]byte(token)), url: s.Values.String("webhook_url"), routes: http.NewServeMux()}
	if a.url != "" {
		secret := s.Values.Secret("webhook_secret").Reveal()
		signer, err := webhooks.NewWebhook(secret)
		if err != nil || secret == "" {
			return nil, rapport.Invalidf("options.webhook_secret", "The webhook secret of the inbox %s cannot be used; make a new one.", s.Inbox.Name)
		}
		a.signer = signer
	}
	a.routes.HandleFunc("POST /messages", a.message)
	a.routes.HandleFunc("POST /status", a.status)
	a.routes.HandleFunc("POST /files", a.file)
	a.routes.HandleFunc("/", problem.Unrouted(a.routes))
	return a, nil
}

// Close has nothing to let go of: requests and sends end with their contexts.
func (a *adapter) Close() error { return nil }

// ServeHTTP refuses who does not show the token before anything is read.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !a.authorized(r) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Rapport inbox"`)
		problem.Write(w, rapport.Errorf(rapport.Unauthenticated, "unauthorized", "The token of this inbox is missing or wrong; send it as Authorization: Bearer …"))
		return
	}
	a.routes.ServeHTTP(w, r)
}

func (a *adapter) authorized(r *http.Request) bool {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	got := sha256.Sum256([]byte(token))
	return found && strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], a.token[:]) == 1
}
