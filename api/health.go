package api

import (
	"context"
	"encoding/json"
	"expvar"
	"net/http"
	"net/http/pprof"
	"runtime/debug"
	"strings"
	"time"

	"rapport"
)

// healthz says that the process answers.
func (s *server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}

// readyz says that the database answers and has the schema we need.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	have, want, err := s.DB.Version(ctx)
	switch {
	case err != nil:
		s.write(w, r, &rapport.Error{Kind: rapport.Unavailable, Code: "database", Message: "The database does not answer.", Cause: err})
	case have < want:
		s.write(w, r, rapport.Errorf(rapport.Unavailable, "migration", "The database has schema %d and needs %d; run rapport migrate.", have, want))
	case have > want:
		s.write(w, r, rapport.Errorf(rapport.Unavailable, "migration", "The database has schema %d; this program knows %d at the most and is too old for it.", have, want))
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("ready\n"))
	}
}

// debugBuild shows what the program was made of.
func (s *server) debugBuild(w http.ResponseWriter, _ *http.Request) {
	info, _ := debug.ReadBuildInfo()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"version": s.version(), "build": info})
}

// debugVars shows memory. The arguments of the command line may hold secrets of
// whoever runs the server.
func (s *server) debugVars(w http.ResponseWriter, _ *http.Request) {
	vars := map[string]json.RawMessage{}
	expvar.Do(func(v expvar.KeyValue) {
		if v.Key != "cmdline" {
			vars[v.Key] = json.RawMessage(v.Value.String())
		}
	})
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(vars)
}

// debugProfiles serves the profiles of the runtime.
func (s *server) debugProfiles(w http.ResponseWriter, r *http.Request) {
	switch strings.TrimPrefix(r.URL.Path, "/debug/pprof/") {
	case "cmdline": // may hold secrets of whoever runs the server
		s.write(w, r, rapport.Errorf(rapport.NotFound, "not_found", "There is nothing here."))
	case "profile":
		pprof.Profile(w, r)
	case "symbol":
		pprof.Symbol(w, r)
	case "trace":
		pprof.Trace(w, r)
	default:
		pprof.Index(w, r)
	}
}
