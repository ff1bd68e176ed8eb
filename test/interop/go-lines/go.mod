module swcca/test/interop/go-lines

go 1.21
