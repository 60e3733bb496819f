#include "salon/Json.h"

#include "salon/Time.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>

namespace salon {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

static_assert(JsonReader::padding >= simdjson::SIMDJSON_PADDING);

/// What a JsonValue holds is a simdjson element, kept out of the contract's header.
struct Words {
    const void* tape;
    std::size_t index;
};
static_assert(sizeof(element) == sizeof(Words) && std::is_trivially_copyable_v<element>);

element elementOf(const void* tape, std::size_t index) {
    return std::bit_cast<element>(Words{tape, index});
}

} // namespace

JsonValue::Kind JsonValue::kind() const {
    if (!_tape) return Kind::none;
    switch (elementOf(_tape, _index).type()) {
    case element_type::NULL_VALUE:
        return Kind::null;
    case element_type::BOOL:
        return Kind::boolean;
    case element_type::INT64:
        return Kind::integer;
    case element_type::UINT64:
    case element_type::DOUBLE:
        return Kind::number;
    case element_type::STRING:
        return Kind::string;
    case element_type::ARRAY:
        return Kind::array;
    case element_type::OBJECT:
        return Kind::object;
    }
    return Kind::none;
}

std::optional<std::string_view> JsonValue::string() const {
    std::string_view text;
    if (!_tape || elementOf(_tape, _index).get(text)) return std::nullopt;
    return text;
}

std::optional<bool> JsonValue::boolean() const {
    bool truth = false;
    if (!_tape || elementOf(_tape, _index).get(truth)) return std::nullopt;
    return truth;
}

std::optional<std::int64_t> JsonValue::integer() const {
    if (kind() != Kind::integer) return std::nullopt;
    std::int64_t number = 0;
    if (elementOf(_tape, _index).get(number)) return std::nullopt;
    return number;
}

JsonValue JsonValue::operator[](std::string_view member) const {
    if (!_tape) return {};
    simdjson::dom::object object;
    element found;
    if (elementOf(_tape, _index).get(object) || object.at_key(member).get(found)) return {};
    const auto words = std::bit_cast<Words>(found);
    return {words.tape, words.index};
}

void JsonValue::eachMember(const std::function<void(std::string_view, JsonValue)>& visit) const {
    simdjson::dom::object object;
    if (!_tape || elementOf(_tape, _index).get(object)) return;
    for (auto field : object) {
        const auto words = std::bit_cast<Words>(field.value);
        visit(field.key, JsonValue(words.tape, words.index));
    }
}

void JsonValue::eachElement(const std::function<void(JsonValue)>& visit) const {
    simdjson::dom::array array;
    if (!_tape || elementOf(_tape, _index).get(array)) return;
    for (auto value : array) {
        const auto words = std::bit_cast<Words>(value);
        visit(JsonValue(words.tape, words.index));
    }
}

struct JsonReader::Parser {
    simdjson::dom::parser parser;
    std::size_t capacity = 0;
};

JsonReader::JsonReader() : _parser(std::make_unique<Parser>()) {}
JsonReader::~JsonReader() = default;

namespace {

/// simdjson grows its buffers by itself, but with its own limit of depth.
int ensure(simdjson::dom::parser& parser, std::size_t& capacity, std::size_t size) {
    if (size <= capacity && capacity != 0) return simdjson::SUCCESS;
    const auto wanted = std::max<std::size_t>(size, 4096);
    // One more than the depth itself: the document counts as a level.
    const auto error = parser.allocate(wanted, JsonReader::maxDepth + 1);
    if (!error) capacity = wanted;
    return error;
}

/// How many of them the text has, strings included. In blocks, which compilers make vectors of.
std::size_t openingBrackets(std::string_view text) {
    constexpr std::size_t block = 64;
    const auto opens = [](char c) { return (c | 0x20) == '{'; }; // '[' is 0x20 less
    std::size_t count = 0;
    for (; text.size() >= block; text.remove_prefix(block)) {
        std::uint8_t here = 0;
        for (std::size_t i = 0; i < block; ++i) here += opens(text[i]) ? 1 : 0;
        count += here;
    }
    return count + static_cast<std::size_t>(std::count_if(text.begin(), text.end(), opens));
}

bool nestedBeyond(element value, std::size_t levels) {
    simdjson::dom::array array;
    simdjson::dom::object object;
    if (!value.get(array)) {
        if (levels == 0) return true;
        for (auto child : array) {
            if (nestedBeyond(child, levels - 1)) return true;
        }
    } else if (!value.get(object)) {
        if (levels == 0) return true;
        for (auto field : object) {
            if (nestedBeyond(field.value, levels - 1)) return true;
        }
    }
    return false;
}

/// simdjson does not count an empty container as a level, so that one level too many passes when
/// the innermost is empty. Only a text with that many brackets is looked at again.
bool tooDeep(std::string_view text, element root) {
    return openingBrackets(text) > JsonReader::maxDepth && nestedBeyond(root, JsonReader::maxDepth);
}

} // namespace

Result<JsonValue> JsonReader::finish(int error, const void* value) {
    if (error == simdjson::SUCCESS) {
        const auto words = std::bit_cast<Words>(*static_cast<const element*>(value));
        return JsonValue(words.tape, words.index);
    }
    if (error == simdjson::DEPTH_ERROR) {
        return Error{Code::badRequest, "the JSON is nested deeper than 32"};
    }
    return Error{Code::badRequest,
                 std::string("this is not valid JSON: ") +
                     simdjson::error_message(static_cast<simdjson::error_code>(error))};
}

Result<JsonValue> JsonReader::parse(std::string_view text) {
    element root;
    auto error = ensure(_parser->parser, _parser->capacity, text.size());
    if (!error) error = _parser->parser.parse(text.data(), text.size(), true).get(root);
    if (!error && tooDeep(text, root)) error = simdjson::DEPTH_ERROR;
    return finish(error, &root);
}

Result<JsonValue> JsonReader::parseInPlace(std::string_view text) {
    element root;
    auto error = ensure(_parser->parser, _parser->capacity, text.size());
    if (!error) error = _parser->parser.parse(text.data(), text.size(), false).get(root);
    if (!error && tooDeep(text, root)) error = simdjson::DEPTH_ERROR;
    return finish(error, &root);
}

void JsonReader::shrink() {
    if (_parser->capacity > 65536) _parser = std::make_unique<Parser>();
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    _out.push_back(bracket);
    _comma = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    _out.push_back(bracket);
    _comma = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    if (_comma) _out.push_back(',');
    _out.push_back('"');
    _out.append(name);
    _out.append("\":", 2);
    _comma = false;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    _out.push_back('"');
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        _out.append(text.data() + plain, i - plain);
        plain = i + 1;
        switch (c) {
        case '"':
            _out.append("\\\"", 2);
            break;
        case '\\':
            _out.append("\\\\", 2);
            break;
        case '\n':
            _out.append("\\n", 2);
            break;
        case '\r':
            _out.append("\\r", 2);
            break;
        case '\t':
            _out.append("\\t", 2);
            break;
        default: {
            constexpr char digits[] = "0123456789abcdef";
            const char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            _out.append(escape, sizeof escape);
        }
        }
    }
    _out.append(text.data() + plain, text.size() - plain);
    _out.push_back('"');
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
    separate();
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    _out.append(digits, static_cast<std::size_t>(end - digits));
    return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
    return raw(truth ? "true" : "false");
}

JsonWriter& JsonWriter::null() {
    return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    _out.append(json);
    return *this;
}

JsonWriter& JsonWriter::time(std::int64_t milliseconds) {
    if (milliseconds == 0) return null();
    separate();
    _out.push_back('"');
    appendTime(_out, milliseconds);
    _out.push_back('"');
    return *this;
}

} // namespace salon
