package scenario_test

import (
	"path/filepath"
	"strings"
	"testing"

	"rapport/rapporttest"
	"rapport/rapporttest/scenario"
)

// TestScenarios plays the files of testdata/scenario on both databases, in
// virtual time. Their language is described in testdata/scenario/README.md.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/scenario/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios found: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		for database, address := range rapporttest.Addresses {
			t.Run(name+"/"+database, func(t *testing.T) {
				t.Parallel()
				scenario.Play(t, address(t), file)
			})
		}
	}
}
