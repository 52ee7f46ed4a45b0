# What CI does, a laptop does: the same commands.

build:
    dotnet build Huike.slnx --nologo -v quiet

# just test unit --filter SignIn
test *words:
    ./test {{words}}

fmt:
    dotnet format Huike.slnx

bench *words:
    dotnet run -c Release --project bench/Huike.Benchmarks -- {{words}}

run *words:
    dotnet run --project src/Huike.Web -- {{words}}

# The pictures of the README, from a firm as large as the demo.
pictures:
    HUIKE_PICTURES="$PWD/docs/pictures" ./test browser --filter Pictures

# The program with a believable firm in it.
seed:
    dotnet run --project src/Huike.Web -- demo
