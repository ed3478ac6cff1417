"""The post as a page of somebody's site: where it goes, what its header says, how its links are written."""
