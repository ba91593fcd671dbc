// Made by `npm run schemas`: not to be edited.
// @ts-nocheck
// biome-ignore-all format lint assist: made by a program
export const validate = validate10;
export default validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"a map with name, params, stages","description":"A bloodline pipeline: stages that make artifacts from artifacts.","type":"object","properties":{"name":{"type":"string","title":"a text","description":"For people.","pattern":"\\S"},"seed":{"type":"integer","title":"a whole number from 0 up","description":"Each stage that draws gets a seed made of this one and its name.","minimum":0,"default":0},"params":{"type":"object","title":"a map of values","description":"Every knob that a profile or --param may turn; used in stages as \"${name}\".","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"profiles":{"type":"object","title":"a map of profiles","description":"bloodline run --profile NAME: other values for some params.","additionalProperties":{"type":"object","title":"a map of values for params"}},"stages":{"type":"object","title":"a map of stages","minProperties":1,"propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with run or command","description":"One step: a TypeScript file (run) or any program (command).","properties":{"run":{"type":"string","title":"the path of a TypeScript file","description":"The stage’s TypeScript file, relative to the pipeline file.","pattern":"\\S"},"command":{"type":["array","string"],"title":"a list of texts (program and arguments) or one text for the shell","description":"A list is started as it is, after ${inputs.x}, ${outputs.y}, ${params.z} and pipeline params are filled in. A text goes to sh -c unchanged; it finds BLOODLINE_INPUT_X and BLOODLINE_OUTPUT_Y in its environment.","items":{"type":["string","number","boolean"],"title":"a text"},"minItems":1,"pattern":"\\S"},"sources":{"type":"array","title":"a list of texts","items":{"type":"string","title":"a text"},"description":"Globs of the files that are the command’s code: a change in one runs it again."},"inputs":{"type":"object","title":"a map of inputs","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["string","null","object"],"title":"stage.output, { path: … }, { url: …, digest: … } or null","properties":{"path":{"type":["string","null"],"title":"a path","description":"Your own file or folder, relative to the pipeline file; hashed by content. null: absent."},"url":{"type":"string","title":"an http(s) address"},"digest":{"type":"string","title":"\"sha256:…\" or \"md5:…\"","description":"sha256:<64 hex> or md5:<32 hex>"}},"additionalProperties":false}},"outputs":{"type":"array","title":"a list of names","description":"What a command makes: each a file or a folder at the path handed over.","minItems":1,"items":{"type":"string","title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"params":{"type":"object","title":"a map of values","description":"A value of just \"${param}\" keeps the type of the pipeline’s param."},"matrix":{"type":"object","title":"a map of axes, each a list of values","description":"One instance of the stage for each combination. Inputs join on shared axes and fan in over the others.","minProperties":1,"propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["array","string"],"title":"a list of values, or \"${param}\"","pattern":"^\\$\\{[^}]+\\}$","items":{"type":["string","number","boolean"],"title":"a text, number, true or false"}}},"resources":{"type":"object","title":"a map of amounts","description":"Slots that it takes while it runs, such as gpu: 1 or cpu: 4.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["number","string"],"title":"a number from 0 up, or \"${param}\"","minimum":0,"pattern":"^\\$\\{[^}]+\\}$"}},"timeout":{"type":["number","string"],"title":"seconds, or a time such as 90s, 30m, 2h","exclusiveMinimum":0,"pattern":"^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$"},"retries":{"type":["integer","string"],"title":"a whole number from 0 up, or \"${param}\"","description":"How often a failed attempt is made again.","minimum":0,"pattern":"^\\$\\{[^}]+\\}$"},"env":{"type":"array","title":"a list of names of environment variables","description":"Variables that reach the stage, and its key; it sees no others of yours.","items":{"type":"string","title":"the name of an environment variable","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}}},"additionalProperties":false,"dependencies":{"sources":["command"],"outputs":["command"],"command":["outputs"]}}}},"required":["stages"],"additionalProperties":false};
const pattern0 = new RegExp("\\S", "u");
const pattern1 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_-]*$", "u");
const pattern8 = new RegExp("^\\$\\{[^}]+\\}$", "u");
const pattern11 = new RegExp("^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$", "u");
const pattern13 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
const func2 = Object.prototype.hasOwnProperty;

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.stages === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stages"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "seed")) || (key0 === "params")) || (key0 === "profiles")) || (key0 === "stages"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.seed !== undefined){
let data1 = data.seed;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err4 = {instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.params !== undefined){
let data2 = data.params;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
const _errs8 = errors;
if(typeof key1 === "string"){
if(!pattern1.test(key1)){
const err6 = {instancePath:instancePath+"/params",schemaPath:"#/properties/params/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var valid1 = _errs8 === errors;
if(!valid1){
const err7 = {instancePath:instancePath+"/params",schemaPath:"#/properties/params/propertyNames",keyword:"propertyNames",params:{propertyName: key1}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/params",schemaPath:"#/properties/params/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.profiles !== undefined){
let data3 = data.profiles;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key2 in data3){
let data4 = data3[key2];
if(!(data4 && typeof data4 == "object" && !Array.isArray(data4))){
const err9 = {instancePath:instancePath+"/profiles/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/profiles/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/profiles",schemaPath:"#/properties/profiles/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.stages !== undefined){
let data5 = data.stages;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(Object.keys(data5).length < 1){
const err11 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
for(const key3 in data5){
const _errs16 = errors;
if(typeof key3 === "string"){
if(!pattern1.test(key3)){
const err12 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var valid3 = _errs16 === errors;
if(!valid3){
const err13 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/propertyNames",keyword:"propertyNames",params:{propertyName: key3}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
for(const key4 in data5){
let data6 = data5[key4];
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key5 in data6){
if(!(func2.call(schema11.properties.stages.additionalProperties.properties, key5))){
const err14 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data6.sources !== undefined){
if(data6.command === undefined){
const err15 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "sources",
    missingProperty: "command",
    depsCount: 1,
    deps: "command"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data6.outputs !== undefined){
if(data6.command === undefined){
const err16 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "outputs",
    missingProperty: "command",
    depsCount: 1,
    deps: "command"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data6.command !== undefined){
if(data6.outputs === undefined){
const err17 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "command",
    missingProperty: "outputs",
    depsCount: 1,
    deps: "outputs"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data6.run !== undefined){
let data7 = data6.run;
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
const err18 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/run",schemaPath:"#/properties/stages/additionalProperties/properties/run/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/run",schemaPath:"#/properties/stages/additionalProperties/properties/run/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data6.command !== undefined){
let data8 = data6.command;
if((!(Array.isArray(data8))) && (typeof data8 !== "string")){
const err20 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.command.type}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
const err21 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(Array.isArray(data8)){
if(data8.length < 1){
const err22 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
if(((typeof data9 !== "string") && (!((typeof data9 == "number") && (isFinite(data9))))) && (typeof data9 !== "boolean")){
const err23 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/command/" + i0,schemaPath:"#/properties/stages/additionalProperties/properties/command/items/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.command.items.type}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
}
if(data6.sources !== undefined){
let data10 = data6.sources;
if(Array.isArray(data10)){
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
if(typeof data10[i1] !== "string"){
const err24 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/sources/" + i1,schemaPath:"#/properties/stages/additionalProperties/properties/sources/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/sources",schemaPath:"#/properties/stages/additionalProperties/properties/sources/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data6.inputs !== undefined){
let data12 = data6.inputs;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key6 in data12){
const _errs33 = errors;
if(typeof key6 === "string"){
if(!pattern1.test(key6)){
const err26 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
var valid11 = _errs33 === errors;
if(!valid11){
const err27 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/propertyNames",keyword:"propertyNames",params:{propertyName: key6}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
for(const key7 in data12){
let data13 = data12[key7];
if(((typeof data13 !== "string") && (data13 !== null)) && (!(data13 && typeof data13 == "object" && !Array.isArray(data13)))){
const err28 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.inputs.additionalProperties.type}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
for(const key8 in data13){
if(!(((key8 === "path") || (key8 === "url")) || (key8 === "digest"))){
const err29 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data13.path !== undefined){
let data14 = data13.path;
if((typeof data14 !== "string") && (data14 !== null)){
const err30 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/path",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/path/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.inputs.additionalProperties.properties.path.type}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data13.url !== undefined){
if(typeof data13.url !== "string"){
const err31 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/url",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/url/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data13.digest !== undefined){
if(typeof data13.digest !== "string"){
const err32 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/digest",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/digest/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
}
}
else {
const err33 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data6.outputs !== undefined){
let data17 = data6.outputs;
if(Array.isArray(data17)){
if(data17.length < 1){
const err34 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs",schemaPath:"#/properties/stages/additionalProperties/properties/outputs/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
const len2 = data17.length;
for(let i2=0; i2<len2; i2++){
let data18 = data17[i2];
if(typeof data18 === "string"){
if(!pattern1.test(data18)){
const err35 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs/" + i2,schemaPath:"#/properties/stages/additionalProperties/properties/outputs/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs/" + i2,schemaPath:"#/properties/stages/additionalProperties/properties/outputs/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs",schemaPath:"#/properties/stages/additionalProperties/properties/outputs/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data6.params !== undefined){
let data19 = data6.params;
if(!(data19 && typeof data19 == "object" && !Array.isArray(data19))){
const err38 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/params",schemaPath:"#/properties/stages/additionalProperties/properties/params/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data6.matrix !== undefined){
let data20 = data6.matrix;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
if(Object.keys(data20).length < 1){
const err39 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
for(const key9 in data20){
const _errs52 = errors;
if(typeof key9 === "string"){
if(!pattern1.test(key9)){
const err40 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key9};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
var valid16 = _errs52 === errors;
if(!valid16){
const err41 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/propertyNames",keyword:"propertyNames",params:{propertyName: key9}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
for(const key10 in data20){
let data21 = data20[key10];
if((!(Array.isArray(data21))) && (typeof data21 !== "string")){
const err42 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.matrix.additionalProperties.type}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(typeof data21 === "string"){
if(!pattern8.test(data21)){
const err43 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(Array.isArray(data21)){
const len3 = data21.length;
for(let i3=0; i3<len3; i3++){
let data22 = data21[i3];
if(((typeof data22 !== "string") && (!((typeof data22 == "number") && (isFinite(data22))))) && (typeof data22 !== "boolean")){
const err44 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i3,schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/items/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.matrix.additionalProperties.items.type}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
}
}
else {
const err45 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data6.resources !== undefined){
let data23 = data6.resources;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key11 in data23){
const _errs60 = errors;
if(typeof key11 === "string"){
if(!pattern1.test(key11)){
const err46 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key11};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
var valid20 = _errs60 === errors;
if(!valid20){
const err47 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/propertyNames",keyword:"propertyNames",params:{propertyName: key11}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
for(const key12 in data23){
let data24 = data23[key12];
if((!((typeof data24 == "number") && (isFinite(data24)))) && (typeof data24 !== "string")){
const err48 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.resources.additionalProperties.type}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 < 0 || isNaN(data24)){
const err49 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(typeof data24 === "string"){
if(!pattern8.test(data24)){
const err50 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
}
else {
const err51 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data6.timeout !== undefined){
let data25 = data6.timeout;
if((!((typeof data25 == "number") && (isFinite(data25)))) && (typeof data25 !== "string")){
const err52 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.timeout.type}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 <= 0 || isNaN(data25)){
const err53 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(typeof data25 === "string"){
if(!pattern11.test(data25)){
const err54 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/pattern",keyword:"pattern",params:{pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
if(data6.retries !== undefined){
let data26 = data6.retries;
if((!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))) && (typeof data26 !== "string")){
const err55 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.retries.type}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 < 0 || isNaN(data26)){
const err56 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(typeof data26 === "string"){
if(!pattern8.test(data26)){
const err57 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
if(data6.env !== undefined){
let data27 = data6.env;
if(Array.isArray(data27)){
const len4 = data27.length;
for(let i4=0; i4<len4; i4++){
let data28 = data27[i4];
if(typeof data28 === "string"){
if(!pattern13.test(data28)){
const err58 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/env/" + i4,schemaPath:"#/properties/stages/additionalProperties/properties/env/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/env/" + i4,schemaPath:"#/properties/stages/additionalProperties/properties/env/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
}
else {
const err60 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/env",schemaPath:"#/properties/stages/additionalProperties/properties/env/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/stages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
else {
const err63 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

