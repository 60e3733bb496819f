#include "salon/Store.h"

namespace salon::detail {

void PreparedStatement::executeMany(std::span<const ManyValues> columns, std::size_t rows) {
    for (std::size_t row = 0; row < rows; ++row) {
        try {
            int position = 0;
            for (const auto& column : columns) {
                if (column.numbers) {
                    bind(position++, column.numbers[row]);
                } else {
                    bind(position++, std::string_view(column.texts[row]));
                }
            }
            while (step()) {
            }
        } catch (...) {
            reset();
            throw;
        }
        reset();
    }
}

} // namespace salon::detail
