#include "password/Password.h"

#include "Field.h"
#include "account/Text.h"
#include "token/Base64.h"
#include "token/Random.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <sys/mman.h>

#include <charconv>
#include <stdexcept>

namespace salon::auth {

namespace {

constexpr std::size_t mostBytes = 1024;
/// In a row, as in Unicode's Stream-Safe Text Format (UAX 15, 13).
constexpr std::size_t mostMarks = 30;
constexpr std::size_t saltBytes = 16;
constexpr std::size_t tagBytes = 32;

Error bad(const char* code, std::string detail) {
    return badField("password", code, std::move(detail));
}

// malloc would keep the 19 MiB of every thread for ever: mapped memory goes back to the system.
int mapMemory(std::uint8_t** memory, std::size_t size) {
    void* mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *memory = mapped == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(mapped);
    return *memory ? ARGON2_OK : ARGON2_MEMORY_ALLOCATION_ERROR;
}

void unmapMemory(std::uint8_t* memory, std::size_t size) {
    munmap(memory, size);
}

Result<std::string> argon2id(std::string_view password, const PasswordHash::Cost& cost,
                             std::string_view salt, std::size_t size) {
    std::string tag(size, '\0');
    // The library takes pointers to what it only reads.
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    argon2_context context{};
    context.out = reinterpret_cast<std::uint8_t*>(tag.data());
    context.outlen = static_cast<std::uint32_t>(tag.size());
    context.pwd = bytes(password);
    context.pwdlen = static_cast<std::uint32_t>(password.size());
    context.salt = bytes(salt);
    context.saltlen = static_cast<std::uint32_t>(salt.size());
    context.t_cost = cost.passes;
    context.m_cost = cost.memory;
    context.lanes = cost.lanes;
    context.threads = 1;
    context.version = ARGON2_VERSION_13;
    context.allocate_cbk = mapMemory;
    context.free_cbk = unmapMemory;
    const int outcome = argon2_ctx(&context, Argon2_id);
    if (outcome == ARGON2_MEMORY_ALLOCATION_ERROR) {
        return Error{Code::unavailable, "the server is busy; try again later", {}, 5};
    }
    if (outcome != ARGON2_OK) throw std::runtime_error(argon2_error_message(outcome));
    return tag;
}

/// Takes `prefix` and the number behind it from the front of `text`: no sign, no leading zero.
std::optional<std::uint32_t> takeNumber(std::string_view& text, std::string_view prefix,
                                        std::uint32_t least, std::uint32_t most) {
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    std::uint32_t number = 0;
    const auto* begin = text.data();
    const auto [end, error] = std::from_chars(begin, begin + text.size(), number);
    if (error != std::errc() || *begin == '0' || number < least || number > most) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - begin));
    return number;
}

} // namespace

Result<std::string> preparePassword(std::string_view typed, std::size_t least) {
    const auto tooLong = [] { return bad("too_long", "must have at most 1024 bytes"); };
    // Composing makes text up to three times shorter; more is not worth composing.
    if (typed.size() > mostBytes * 3) return tooLong();
    auto points = codePoints(typed);
    if (!points) return bad("invalid", "must be valid UTF-8");
    std::size_t marks = 0;
    for (auto& c : *points) {
        marks = isNonStarter(c) ? marks + 1 : 0;
        if (marks > mostMarks) {
            return bad("invalid", "must not hold more than 30 combining marks in a row");
        }
        // Joiners are part of some scripts and of emoji; only what cannot be typed is refused.
        const auto sort = sortOf(c);
        if (sort == Sort::control && c < 0xa0) {
            return bad("invalid", "must not hold control characters");
        }
        if (sort == Sort::space) c = U' ';
    }
    auto password = composed(encodeUtf8(*points));
    if (!password) return bad("invalid", "must be valid UTF-8");
    if (password->size() > mostBytes) return tooLong();
    if (codePoints(*password)->size() < least) {
        return bad("too_short", "must have at least " + std::to_string(least) + " characters");
    }
    return std::move(*password);
}

Result<PasswordHash> PasswordHash::of(std::string_view password, Cost cost) {
    auto salt = randomBytes(saltBytes);
    auto tag = argon2id(password, cost, salt, tagBytes);
    if (!tag) return tag.error();
    return PasswordHash{cost, std::move(salt), std::move(*tag)};
}

PasswordHash PasswordHash::dummy(Cost cost) {
    return {cost, randomBytes(saltBytes), randomBytes(tagBytes)};
}

std::optional<PasswordHash> PasswordHash::parse(std::string_view phc) {
    PasswordHash hash;
    const auto memory = takeNumber(phc, "$argon2id$v=19$m=", 8, 1U << 20);
    const auto passes = memory ? takeNumber(phc, ",t=", 1, 100) : std::nullopt;
    const auto lanes = passes ? takeNumber(phc, ",p=", 1, 16) : std::nullopt;
    if (!lanes || *memory < 8 * *lanes || !phc.starts_with('$')) return std::nullopt;
    hash.cost = {*memory, *passes, *lanes};
    phc.remove_prefix(1);
    const auto border = phc.find('$');
    if (border == phc.npos) return std::nullopt;
    auto salt = decodeBase64(phc.substr(0, border), Alphabet::standard);
    auto tag = decodeBase64(phc.substr(border + 1), Alphabet::standard);
    if (!salt || salt->size() < 8 || salt->size() > 64) return std::nullopt;
    if (!tag || tag->size() < 16 || tag->size() > 64) return std::nullopt;
    hash.salt = std::move(*salt);
    hash.tag = std::move(*tag);
    return hash;
}

std::string PasswordHash::phc() const {
    return "$argon2id$v=19$m=" + std::to_string(cost.memory) + ",t=" + std::to_string(cost.passes) +
           ",p=" + std::to_string(cost.lanes) + '$' + encodeBase64(salt, Alphabet::standard) + '$' +
           encodeBase64(tag, Alphabet::standard);
}

Result<bool> PasswordHash::matches(std::string_view password) const {
    const auto other = argon2id(password, cost, salt, tag.size());
    if (!other) return other.error();
    return CRYPTO_memcmp(other->data(), tag.data(), tag.size()) == 0;
}

bool PasswordHash::weakerThan(const Cost& wanted) const {
    return cost.memory < wanted.memory || cost.passes < wanted.passes || salt.size() < saltBytes ||
           tag.size() < tagBytes;
}

} // namespace salon::auth
