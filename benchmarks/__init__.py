"""The measured work (性能测量): one file per work, each prints its value beside a bound of the same run."""
