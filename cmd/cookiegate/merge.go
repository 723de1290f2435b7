package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/suites"
)

func mergeCommand() *cobra.Command {
	var p suites.Publication
	c := &cobra.Command{
		Use:   "merge BLOB…",
		Short: "Make one report of the blobs that the shards of a run left",
		Long: `Make one report of the blobs that the shards of a run left: the report that the run would have made in one piece. A BLOB is a file such as
blob-2-of-5.json.gz, or a folder that holds some.

Exit status: that of the run, 0 or 1; 2 where the blobs are not of one run, or not all there. docs/merge.md tells more.`,
		Example: `  cookiegate merge out/
  cookiegate merge --out report shard-*/blob-*.json.gz`,
		Args: func(_ *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return errors.New("expected the blobs of all shards, such as blob-2-of-5.json.gz, or a folder that holds them")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, paths []string) error {
			p.OnGitHub(os.Getenv)
			return ended(suites.Merge(cmd.OutOrStdout(), paths, p))
		},
	}
	publicationFlags(c.Flags(), &p)
	return c
}
