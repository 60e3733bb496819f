# Writes a table of the texts FOLDER/*.json, parts of the description of calls and frames, ending with null.
file(GLOB files ${FOLDER}/*.json)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
    file(READ ${file} text)
    string(APPEND rows "    R\"salon-api(${text})salon-api\",\n")
endforeach()
file(WRITE ${OUTPUT} "extern const char* const salonApi_${NAME}[];\n"
    "const char* const salonApi_${NAME}[] = {\n${rows}    nullptr};\n")
