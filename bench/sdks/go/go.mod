module commet.invalid/bench

go 1.22

require github.com/commet-labs/commet-go v0.0.0

replace github.com/commet-labs/commet-go => ../../../sdks/go
