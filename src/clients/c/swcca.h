/*
 * The calls of a Realm's software to the RMM, for programs that run outside a Realm.
 *
 * smc_call() takes the place of the SMC instruction. What answers it is chosen beforehand: a bridge of `swcca serve`, or a
 * response script that is played in this process, for tests and fuzzers. Whatever answers can be recorded.
 *
 * All of it belongs to the thread that calls it, as a REC belongs to a vCPU: each thread chooses for itself.
 *
 * C11 without extensions, no dependencies. The bridge and the recording use POSIX; SWCCA_SCRIPT_ONLY leaves both out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SWCCA_H
#define SWCCA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X0 to X17. */
#define SWCCA_REGISTERS 18
#define SWCCA_GRANULE 4096

#define SWCCA_RSI_VERSION 0xc4000190u
#define SWCCA_RSI_FEATURES 0xc4000191u
#define SWCCA_RSI_ATTESTATION_TOKEN_INIT 0xc4000194u
#define SWCCA_RSI_ATTESTATION_TOKEN_CONTINUE 0xc4000195u

#define SWCCA_RSI_SUCCESS 0u
#define SWCCA_RSI_ERROR_INPUT 1u
#define SWCCA_RSI_ERROR_STATE 2u
#define SWCCA_RSI_INCOMPLETE 3u
#define SWCCA_RSI_ERROR_UNKNOWN 4u

/* Carries out an SMC. The registers are arguments before, results after. */
void smc_call(uint64_t r[SWCCA_REGISTERS]);

/*
 * Memory.
 *
 * The guest's memory is `size` bytes from `start` on, and the RMM knows its first byte as `base`, which is a multiple of a
 * granule. swcca_use_live() maps the memory of the bridge and needs no call of this.
 */
void swcca_memory(uint64_t base, void *start, size_t size);

/* The IPA of a pointer into the guest's memory, and the pointer to an IPA; NULL for an IPA outside. */
uint64_t swcca_ipa(const void *pointer);
void *swcca_pointer(uint64_t ipa);
uint64_t swcca_memory_size(void);
#define SWCCA_IPA(pointer) swcca_ipa(pointer)
#define SWCCA_POINTER(ipa) swcca_pointer(ipa)

/*
 * What goes wrong outside the guest. A handler may longjmp() away, or end the thread; when it returns, and where there is
 * none, the process is aborted with a line on standard error.
 */
enum swcca_failure {
	SWCCA_NOTHING_ANSWERS, /* nothing was chosen that answers calls */
	SWCCA_BRIDGE_CLOSED,   /* the bridge ended the connection: the Realm is off, or the guest misbehaved */
	SWCCA_RECORD_FAILED,   /* the recording could not be written */
	SWCCA_BUDGET_SPENT     /* the guest is still calling after as many calls as it may make */
};
typedef void swcca_handler(enum swcca_failure failure, const char *says);
void swcca_on_failure(swcca_handler *handler);

/* The most calls before SWCCA_BUDGET_SPENT, counted from here; 0 for no end, which is so in the beginning. */
void swcca_budget(uint64_t calls);

/*
 * Response scripts (docs/response-script.md). Any bytes are one. They are not copied.
 *
 * Each call of this begins a conversation anew, at no cost: a fuzzer calls it for each input.
 */
void swcca_use_script(const uint8_t *script, size_t length);

/* Who could bring an answer about: a sound RMM on its own, a sound one under a hostile Host, only a broken or hostile one. */
enum swcca_model { SWCCA_SOUND, SWCCA_HOST, SWCCA_RMM };

/* How a conversation with a script stands. */
struct swcca_status {
	uint64_t calls;
	uint64_t departures;    /* answers with the model SWCCA_RMM */
	uint64_t waits;         /* since the last INIT: the most answers in a row that were INCOMPLETE and brought nothing */
	uint64_t bound;         /* X1 of the last INIT */
	uint64_t last_status;   /* X0 of the last INIT or CONTINUE */
	uint32_t total;         /* bytes of the token of the last INIT */
	bool overlong;          /* since the last INIT: an answer said that more came than there was room for */
	bool complete;          /* the last byte of the token has come */
	enum swcca_model model; /* of the last answer */
	uint8_t challenge[64];  /* of the last INIT */
};
const struct swcca_status *swcca_status(void);

/* What can be wrong with a guest, beside that it crashes. */
enum swcca_finding {
	SWCCA_FINE,
	SWCCA_GAVE_UP,        /* though every answer is one that a sound RMM gives */
	SWCCA_WRONG_TOKEN,    /* though every answer is sound */
	SWCCA_REFUSED_TOKEN,  /* it has a token though the last answer was no SUCCESS */
	SWCCA_TRUSTED_LENGTH, /* it has a token though the RMM said that more came than there was room for */
	SWCCA_OVER_BOUND      /* it has more bytes than the upper bound allows */
};

/*
 * Judges a guest by what it made of a script: a token of `length` bytes, or NULL when it gave up. It may give up where the
 * upper bound is above `room`, or when `patience` answers in a row brought nothing.
 */
enum swcca_finding swcca_judge(const uint8_t *token, size_t length, uint64_t room, uint64_t patience);
const char *swcca_finding_says(enum swcca_finding finding);

#ifndef SWCCA_SCRIPT_ONLY
/*
 * Connects to a bridge (docs/bridge.md): its socket, its memory file, and the IPA of the first byte of that file.
 * Returns 0 or an errno.
 */
int swcca_use_live(const char *socket_path, const char *memory_path, uint64_t base);

/*
 * Records every call from here on: 8 bytes "SWCCARC1", then for each call X0 to X17 as they were given and as they came
 * back, little-endian. Each call is in the file before smc_call() returns. Returns 0 or an errno.
 */
int swcca_record(const char *path);

/* Ends the connection and the recording, and unmaps the memory of the bridge. */
void swcca_close(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
