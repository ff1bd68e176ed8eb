/*
 * A fuzz target for a client: each input is a response script.
 *
 *   afl-clang-fast -I.. fuzz.c client.c ../swcca.c -o fuzz      then afl-fuzz -i seeds -o out -x swcca.dict -- ./fuzz
 *   clang -fsanitize=fuzzer,address -DUSE_LIBFUZZER -I.. fuzz.c client.c ../swcca.c -o fuzz
 *   cc -I.. fuzz.c client.c ../swcca.c -o fuzz                  then ./fuzz [--record FILE] SCRIPT...
 *
 * `swcca fuzz seeds` writes seeds and dictionary; `swcca fuzz import` explains an input that crashes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include "swcca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __AFL_COMPILER
#include <unistd.h>
__AFL_FUZZ_INIT();
#endif

/* More calls than any client needs for a script of a few hundred bytes. */
#define BUDGET 100000

/* The guest's memory. One granule, and no more: what reads past it reads past the object, which sanitizers see on the heap. */
static uint8_t *page;

/* Says what was found, and who could bring it about, and dies of it, as fuzzers want it. */
static void found(const char *says)
{
	fprintf(stderr, "%s (%s)\n", says, swcca_status()->departures == 0 ? "host" : "rmm");
	abort();
}

static void failed(enum swcca_failure failure, const char *says)
{
	(void)failure;
	found(says);
}

static void run(const uint8_t *script, size_t length)
{
	static const uint8_t challenge[CLIENT_CHALLENGE_SIZE] = "a challenge of sixty-four bytes, of which these are the first";
	enum swcca_finding finding;
	uint8_t *token = NULL;
	size_t token_length = 0;

	if (page == NULL)
		page = aligned_alloc(SWCCA_GRANULE, SWCCA_GRANULE);
	if (page == NULL)
		exit(2);
	memset(page, 0, SWCCA_GRANULE);
	swcca_memory(0x80000000, page, SWCCA_GRANULE);
	swcca_use_script(script, length);
	swcca_budget(BUDGET);
	swcca_on_failure(failed);
	if (client_fetch_token(challenge, page, &token, &token_length) != 0)
		token = NULL;
	finding = swcca_judge(token, token_length, CLIENT_ROOM, CLIENT_PATIENCE);
	free(token);
	if (finding != SWCCA_FINE)
		found(swcca_finding_says(finding));
}

#ifdef USE_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	run(bytes, size);
	return 0;
}
#else
static int run_file(const char *path)
{
	static uint8_t bytes[0x10000];
	size_t length;
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		fprintf(stderr, "fuzz: %s cannot be opened\n", path);
		return 2;
	}
	length = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	run(bytes, length);
	return 0;
}

int main(int argc, char **argv)
{
	int at = 1;
	int result = 0;

#ifdef __AFL_COMPILER
	if (argc == 1) {
		const unsigned char *input;

		__AFL_INIT();
		input = __AFL_FUZZ_TESTCASE_BUF;
		while (__AFL_LOOP(100000))
			run(input, (size_t)__AFL_FUZZ_TESTCASE_LEN);
		return 0;
	}
#endif
	if (argc > 2 && strcmp(argv[1], "--record") == 0) {
		if (swcca_record(argv[2]) != 0) {
			fprintf(stderr, "fuzz: %s cannot be written\n", argv[2]);
			return 2;
		}
		at = 3;
	}
	if (at == argc) {
		fprintf(stderr, "usage: fuzz [--record FILE] SCRIPT...\n");
		return 2;
	}
	for (; at < argc && result == 0; at++)
		result = run_file(argv[at]);
	return result;
}
#endif
