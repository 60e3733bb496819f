#include "Json.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSONString.h>
#include <cppunit/TestAssert.h>

namespace salon::wire {

using Poco::JSON::Array;
using Poco::JSON::Object;

Json Json::parse(const std::string& text) {
    try {
        return Json(Poco::JSON::Parser().parse(text));
    } catch (const Poco::Exception& e) {
        CPPUNIT_FAIL("this is no JSON (" + e.displayText() + "): " + text);
    }
}

void Json::refuse(const std::string& name, const std::string& expected) const {
    CPPUNIT_FAIL("`" + name + "` should be " + expected + " in " + dump());
}

bool Json::has(const std::string& member) const {
    return _value.type() == typeid(Object::Ptr) && _value.extract<Object::Ptr>()->has(member);
}

Poco::Dynamic::Var Json::member(const std::string& name) const {
    if (!has(name)) refuse(name, "a member");
    return _value.extract<Object::Ptr>()->get(name);
}

bool Json::is(const std::string& name, const std::string& text) const {
    if (!has(name)) return false;
    const auto value = member(name);
    return value.isString() && value.extract<std::string>() == text;
}

bool Json::isNull(const std::string& name) const {
    return member(name).isEmpty();
}

std::string Json::text(const std::string& name) const {
    const auto value = member(name);
    if (!value.isString()) refuse(name, "a string");
    return value.extract<std::string>();
}

std::int64_t Json::number(const std::string& name) const {
    const auto value = member(name);
    if (!value.isInteger() || value.isBoolean()) refuse(name, "an integer");
    return value.convert<Poco::Int64>();
}

bool Json::flag(const std::string& name) const {
    const auto value = member(name);
    if (!value.isBoolean()) refuse(name, "true or false");
    return value.extract<bool>();
}

Json Json::object(const std::string& name) const {
    const auto value = member(name);
    if (value.type() != typeid(Object::Ptr)) refuse(name, "an object");
    return Json(value);
}

std::vector<Json> Json::list(const std::string& name) const {
    const auto value = member(name);
    if (value.type() != typeid(Array::Ptr)) refuse(name, "an array");
    std::vector<Json> elements;
    for (const auto& element : *value.extract<Array::Ptr>()) elements.emplace_back(element);
    return elements;
}

void Json::each(const std::function<void(const std::string&, const Json&)>& visit) const {
    if (_value.type() != typeid(Object::Ptr)) refuse("it", "an object");
    for (const auto& [name, member] : *_value.extract<Object::Ptr>()) visit(name, Json(member));
}

std::optional<std::string> Json::string() const {
    if (!_value.isString()) return std::nullopt;
    return _value.extract<std::string>();
}

std::string Json::dump() const {
    return _value.isEmpty() ? "null" : _value.toString();
}

std::string jsonString(const std::string& text) {
    return Poco::toJSON(text, Poco::JSON_WRAP_STRINGS);
}

} // namespace salon::wire
