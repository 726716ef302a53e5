package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

type surveyItems struct {
	Items []rapport.Survey `json:"items"`
}

type surveysInput struct {
	ID rapport.ConversationID `path:"id"`
}

func (s *server) surveysOf(ctx context.Context, in *surveysInput) (*reply[surveyItems], error) {
	var got surveyItems
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := conversation.See(tx, actorOf(ctx), in.ID); err != nil {
			return err
		}
		var err error
		got.Items, err = tx.Surveys(in.ID)
		return err
	})
	return ok(got, err)
}

type contactSurveysInput struct {
	ID rapport.ContactID `path:"id"`
}

// surveysOfContact leaves out answers about conversations that the actor may
// not see.
func (s *server) surveysOfContact(ctx context.Context, in *contactSurveysInput) (*reply[surveyItems], error) {
	got := surveyItems{Items: []rapport.Survey{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		actor := actorOf(ctx)
		if _, err := conversation.Customer(tx, actor, in.ID); err != nil {
			return err
		}
		all, err := tx.AnsweredSurveys(in.ID, time.Time{}, 50)
		if err != nil {
			return err
		}
		for _, v := range all {
			_, err := conversation.See(tx, actor, v.ConversationID)
			if rapport.KindOf(err) == rapport.NotFound && err != nil {
				continue
			}
			if err != nil {
				return err
			}
			got.Items = append(got.Items, v)
		}
		return nil
	})
	return ok(got, err)
}

type satisfactionInput struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"30"`
}

type satisfaction struct {
	store.SurveyCounts
	Satisfied int              `json:"satisfied" doc:"Those who gave 4 or 5, or a thumb up."`
	Latest    []rapport.Survey `json:"latest" doc:"The latest answers."`
}

func (s *server) listSurveys(ctx context.Context, in *satisfactionInput) (*reply[satisfaction], error) {
	var got satisfaction
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		since := tx.Now().Add(-time.Duration(in.Days) * 24 * time.Hour)
		if got.SurveyCounts, err = tx.SurveyCounts(since); err != nil {
			return err
		}
		got.Satisfied = got.Scores[3] + got.Scores[4]
		got.Latest, err = tx.AnsweredSurveys("", since, 20)
		return err
	})
	return ok(got, err)
}

// surveyWords are what the page says besides the admin's own texts.
type surveyWords struct{ Lang, Title, Question, Yes, No, Of, Comment, Send, Thanks, Over, Choose, Long, Many string }

var surveyLanguages = map[string]surveyWords{
	"en": {"en", "Your opinion", rapport.SurveyQuestion, "Yes, I am satisfied", "No, I am not", "of 5", "Would you like to tell us more?", "Send", "Thank you!", "This question cannot be answered any more. Thank you all the same!", "Please choose an answer.", "Please write at most 1000 characters.", "That was often; please wait a moment and try again."},
	"de": {"de", "Ihre Meinung", "Wie waren wir?", "Ja, ich bin zufrieden", "Nein, bin ich nicht", "von 5", "Möchten Sie uns mehr dazu sagen?", "Senden", "Vielen Dank!", "Diese Frage kann nicht mehr beantwortet werden. Trotzdem vielen Dank!", "Bitte wählen Sie eine Antwort.", "Bitte schreiben Sie höchstens 1000 Zeichen.", "Das war oft; bitte warten Sie einen Augenblick und versuchen Sie es erneut."},
}

func surveyWordsOf(r *http.Request) surveyWords {
	for _, one := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		language, _, _ := strings.Cut(strings.TrimSpace(one), "-")
		language, _, _ = strings.Cut(language, ";")
		if w, known := surveyLanguages[strings.ToLower(language)]; known {
			return w
		}
	}
	return surveyLanguages["en"]
}

// surveyPage is a page of its own that works without scripts.
type surveyPage struct {
	Nonce, Account string
	Words          surveyWords
	Survey         *rapport.Survey
	Say            string // instead of the form
	Wrong          string // above it
	Score          int
	Comment        string
}

// Thumbs tells how the customer rates.
func (p surveyPage) Thumbs() bool { return p.Survey.Scale == rapport.Thumbs }

// Question is the admin's, or the usual one in the language of the page.
func (p surveyPage) Question() string { return cmp.Or(p.Survey.Question, p.Words.Question) }

// Longest is how many characters a comment may have.
func (p surveyPage) Longest() int { return rapport.MaxSurveyComment }

// Steps are the answers to choose from, the best first.
func (p surveyPage) Steps() []int { return []int{5, 4, 3, 2, 1} }

// Stars draws a score.
func (p surveyPage) Stars(n int) string { return strings.Repeat("★", n) + strings.Repeat("☆", 5-n) }

//nolint:lll // a page
var surveyTemplate = template.Must(template.New("survey").Parse(`<!doctype html>
<html lang="{{.Words.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{{.Words.Title}} – {{.Account}}</title>
<style nonce="{{.Nonce}}">
:root{color-scheme:light dark;--bg:#fff;--fg:#1c1f23;--soft:#5a626b;--line:#c4cad1;--accent:#1f5fd0}
@media(prefers-color-scheme:dark){:root{--bg:#16181b;--fg:#eceef0;--soft:#a4acb5;--line:#454c54;--accent:#8ab4ff}}
body{margin:0;background:var(--bg);color:var(--fg);font:1.05rem/1.5 system-ui,sans-serif}
main{max-width:32rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:1.4rem;line-height:1.3;margin:.25rem 0 1.25rem}p.account{color:var(--soft);margin:0}
fieldset{border:0;margin:0 0 1.25rem;padding:0}legend{position:absolute;clip-path:inset(50%)}
label.choice{display:flex;align-items:center;gap:.75rem;border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;margin-bottom:.5rem;cursor:pointer}
label.choice:has(input:checked){border-color:var(--accent);outline:1px solid var(--accent)}
input:focus-visible,textarea:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.stars{letter-spacing:.15em;font-size:1.25rem}
textarea{box-sizing:border-box;width:100%;min-height:7rem;border:1px solid var(--line);border-radius:.6rem;background:var(--bg);color:var(--fg);font:inherit;padding:.6rem .8rem;margin:.35rem 0 1.25rem}
button{font:inherit;font-weight:600;border:0;border-radius:.6rem;padding:.7rem 1.5rem;background:var(--accent);color:var(--bg);cursor:pointer}
p.wrong{border-inline-start:4px solid #c4320a;padding-inline-start:.75rem}
</style></head><body><main><p class="account">{{.Account}}</p>
{{if .Say}}<h1 role="status">{{.Say}}</h1>{{else}}<h1>{{.Question}}</h1>
{{if .Wrong}}<p class="wrong" role="alert">{{.Wrong}}</p>{{end}}
<form method="post"><fieldset><legend>{{.Question}}</legend>
{{if .Thumbs}}<label class="choice"><input type="radio" name="score" value="5" required{{if eq .Score 5}} checked{{end}}><span>👍 {{.Words.Yes}}</span></label>
<label class="choice"><input type="radio" name="score" value="1"{{if eq .Score 1}} checked{{end}}><span>👎 {{.Words.No}}</span></label>
{{else}}{{$p := .}}{{range .Steps}}<label class="choice"><input type="radio" name="score" value="{{.}}" required{{if eq . $p.Score}} checked{{end}}><span class="stars" aria-hidden="true">{{$p.Stars .}}</span><span>{{.}} {{$p.Words.Of}}</span></label>
{{end}}{{end}}</fieldset>
{{if .Survey.Comments}}<label for="comment">{{.Words.Comment}}</label><textarea id="comment" name="comment" maxlength="{{.Longest}}">{{.Comment}}</textarea>{{end}}
<button type="submit">{{.Words.Send}}</button></form>{{end}}
</main></body></html>
`))

func (s *server) writeSurvey(w http.ResponseWriter, r *http.Request, status int, p surveyPage) {
	var nonce [16]byte
	rand.Read(nonce[:])
	p.Nonce, p.Words = base64.RawStdEncoding.EncodeToString(nonce[:]), surveyWordsOf(r)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	h.Set("Referrer-Policy", "no-referrer") // the address is the secret
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	if err := surveyTemplate.Execute(w, p); err != nil {
		s.Log.DebugContext(r.Context(), "cannot write a page", "error", err) // the browser is gone
	}
}

// survey finds the survey of a link, or answers by itself.
func (s *server) survey(w http.ResponseWriter, r *http.Request) (p surveyPage, found bool) {
	words := surveyWordsOf(r)
	if _, ok := s.byAddress.Allow(s.Proxies.Of(r).String()); !ok {
		p.Say = words.Many
		s.writeSurvey(w, r, http.StatusTooManyRequests, p)
		return p, false
	}
	var v rapport.Survey
	err := s.DB.View(r.Context(), func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		p.Account = config.Settings.AccountName
		v, err = tx.SurveyByToken(conversation.HashSurveyToken(r.PathValue("token")))
		return err
	})
	switch {
	case err != nil && rapport.KindOf(err) == rapport.NotFound:
		p.Say = words.Over
		s.writeSurvey(w, r, http.StatusNotFound, p)
	case err != nil:
		s.write(w, r, err)
	case !v.AnsweredAt.IsZero():
		p.Say = thanks(&v, words)
		s.writeSurvey(w, r, http.StatusOK, p)
	case !v.Answerable(time.Now()):
		p.Say = words.Over
		s.writeSurvey(w, r, http.StatusGone, p)
	default:
		p.Survey = &v
		return p, true
	}
	return p, false
}

func thanks(v *rapport.Survey, words surveyWords) string {
	if v.Thanks != "" {
		return v.Thanks
	}
	return words.Thanks
}

func (s *server) showSurvey(w http.ResponseWriter, r *http.Request) {
	if p, found := s.survey(w, r); found {
		s.writeSurvey(w, r, http.StatusOK, p)
	}
}

func (s *server) answerSurvey(w http.ResponseWriter, r *http.Request) {
	p, found := s.survey(w, r)
	if !found {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		s.write(w, r, rapport.Invalidf("", "The form cannot be read."))
		return
	}
	words := surveyWordsOf(r)
	score, _ := strconv.Atoi(r.PostFormValue("score")) // 0 is refused below
	rating := rapport.Rating{Score: score, Comment: r.PostFormValue("comment")}
	err := s.DB.Update(r.Context(), func(tx *store.Tx) error {
		_, err := conversation.Rate(tx, *p.Survey, rating)
		return err
	})
	var refused *rapport.Error
	switch {
	case err == nil:
		s.writeSurvey(w, r, http.StatusOK, surveyPage{Account: p.Account, Say: thanks(p.Survey, words)})
	case errors.As(err, &refused) && refused.Kind == rapport.Invalid:
		p.Wrong, p.Comment = words.Choose, rating.Comment
		if refused.Field != "score" {
			p.Wrong, p.Score = words.Long, score
		}
		s.writeSurvey(w, r, http.StatusUnprocessableEntity, p)
	case rapport.KindOf(err) == rapport.Conflict: // twice at the same time
		s.writeSurvey(w, r, http.StatusOK, surveyPage{Account: p.Account, Say: thanks(p.Survey, words)})
	default:
		s.write(w, r, err)
	}
}
