"""The walk of README.md does what the page says, line by line."""

import walk
from base import ApiTest


class ReadmeTest(ApiTest):
    def test_the_walk_prints_what_the_page_says(self):
        """The ten-minute walk of README.md runs from the root of the tree and prints what the page says."""
        self.assertGreater(walk.run("README.md", self.suite.state.directory), 20)
