// Made by `npm run schemas`: not to be edited.
// @ts-nocheck
// biome-ignore-all format lint assist: made by a program
export const validate = validate10;
export default validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"Record of a stage","description":"What one execution of a stage left behind.","type":"object","properties":{"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$","description":"Of its place and of all that follows: see docs/store.md."},"format":{"const":1},"key":{"type":"string","pattern":"^[0-9a-f]{64}$","description":"sha256 of the canonical JSON of `parts`."},"parts":{"type":"object","description":"Everything that can change what the stage makes: see docs/key.md.","properties":{"protocol":{"type":"integer"},"program":{"type":"object","properties":{"kind":{"enum":["module","command"]},"code":{"type":"string","pattern":"^[0-9a-f]{64}$","description":"A sha256 in hex."},"command":{},"sources":{"type":"object"}},"required":["kind"],"additionalProperties":false},"modules":{"type":"object","additionalProperties":{"type":"string","pattern":"^[0-9a-f]{64}$","description":"A sha256 in hex."}},"packages":{"type":"object","additionalProperties":{"type":"string"}},"params":{"type":"object"},"inputs":{"type":"object","description":"Digest of each input; null where absent; by coordinate for a fan-in.","additionalProperties":{"type":["string","null","object"],"additionalProperties":{"type":"string"}}},"seed":{"type":["integer","null"]},"outputs":{"type":"array","items":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"env":{"type":"object","additionalProperties":{"type":["string","null"]}}},"required":["protocol","program","modules","packages","params","inputs","seed","outputs","env"],"additionalProperties":false},"stage":{"type":"string","description":"The instance that ran."},"outputs":{"type":"object","propertyNames":{"pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","properties":{"kind":{"enum":["file","folder"]},"digest":{"type":"string","pattern":"^[0-9a-f]{64}$","description":"A sha256 in hex."},"files":{"type":"integer","minimum":0},"bytes":{"type":"integer","minimum":0}},"required":["kind","digest","files","bytes"],"additionalProperties":false}},"metrics":{"type":"object","additionalProperties":{"type":"number"}},"facts":{"type":"object","description":"Circumstances: engine, node, cpu, images/s, peakMemory …"},"warnings":{"type":"array","items":{"type":"string"}},"log":{"type":["string","null"],"pattern":"^[0-9a-f]{64}$"},"run":{"type":"string"},"startedAt":{"type":"string","description":"ISO 8601, UTC."},"ms":{"type":"number","minimum":0}},"required":["format","key","parts","stage","outputs","metrics","facts","warnings","log","run","startedAt","ms"],"additionalProperties":false};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern4 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_-]*$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((((((data.format === undefined) && (missing0 = "format")) || ((data.key === undefined) && (missing0 = "key"))) || ((data.parts === undefined) && (missing0 = "parts"))) || ((data.stage === undefined) && (missing0 = "stage"))) || ((data.outputs === undefined) && (missing0 = "outputs"))) || ((data.metrics === undefined) && (missing0 = "metrics"))) || ((data.facts === undefined) && (missing0 = "facts"))) || ((data.warnings === undefined) && (missing0 = "warnings"))) || ((data.log === undefined) && (missing0 = "log"))) || ((data.run === undefined) && (missing0 = "run"))) || ((data.startedAt === undefined) && (missing0 = "startedAt"))) || ((data.ms === undefined) && (missing0 = "ms"))){
validate10.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
validate10.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.sha256 !== undefined){
let data0 = data.sha256;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate10.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.format !== undefined){
const _errs4 = errors;
if(1 !== data.format){
validate10.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/const",keyword:"const",params:{allowedValue: 1}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.key !== undefined){
let data2 = data.key;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate10.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parts !== undefined){
let data3 = data.parts;
const _errs7 = errors;
if(errors === _errs7){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((((((((data3.protocol === undefined) && (missing1 = "protocol")) || ((data3.program === undefined) && (missing1 = "program"))) || ((data3.modules === undefined) && (missing1 = "modules"))) || ((data3.packages === undefined) && (missing1 = "packages"))) || ((data3.params === undefined) && (missing1 = "params"))) || ((data3.inputs === undefined) && (missing1 = "inputs"))) || ((data3.seed === undefined) && (missing1 = "seed"))) || ((data3.outputs === undefined) && (missing1 = "outputs"))) || ((data3.env === undefined) && (missing1 = "env"))){
validate10.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data3){
if(!(func2.call(schema11.properties.parts.properties, key1))){
validate10.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs9 === errors){
if(data3.protocol !== undefined){
let data4 = data3.protocol;
const _errs10 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate10.errors = [{instancePath:instancePath+"/parts/protocol",schemaPath:"#/properties/parts/properties/protocol/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.program !== undefined){
let data5 = data3.program;
const _errs12 = errors;
if(errors === _errs12){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing2;
if((data5.kind === undefined) && (missing2 = "kind")){
validate10.errors = [{instancePath:instancePath+"/parts/program",schemaPath:"#/properties/parts/properties/program/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs14 = errors;
for(const key2 in data5){
if(!((((key2 === "kind") || (key2 === "code")) || (key2 === "command")) || (key2 === "sources"))){
validate10.errors = [{instancePath:instancePath+"/parts/program",schemaPath:"#/properties/parts/properties/program/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}}];
return false;
break;
}
}
if(_errs14 === errors){
if(data5.kind !== undefined){
let data6 = data5.kind;
const _errs15 = errors;
if(!((data6 === "module") || (data6 === "command"))){
validate10.errors = [{instancePath:instancePath+"/parts/program/kind",schemaPath:"#/properties/parts/properties/program/properties/kind/enum",keyword:"enum",params:{allowedValues: schema11.properties.parts.properties.program.properties.kind.enum}}];
return false;
}
var valid2 = _errs15 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.code !== undefined){
let data7 = data5.code;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate10.errors = [{instancePath:instancePath+"/parts/program/code",schemaPath:"#/properties/parts/properties/program/properties/code/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/program/code",schemaPath:"#/properties/parts/properties/program/properties/code/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.sources !== undefined){
let data8 = data5.sources;
const _errs18 = errors;
if(!(data8 && typeof data8 == "object" && !Array.isArray(data8))){
validate10.errors = [{instancePath:instancePath+"/parts/program/sources",schemaPath:"#/properties/parts/properties/program/properties/sources/type",keyword:"type",params:{type: "object"}}];
return false;
}
var valid2 = _errs18 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/program",schemaPath:"#/properties/parts/properties/program/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.modules !== undefined){
let data9 = data3.modules;
const _errs20 = errors;
if(errors === _errs20){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key3 in data9){
let data10 = data9[key3];
const _errs23 = errors;
if(errors === _errs23){
if(typeof data10 === "string"){
if(!pattern0.test(data10)){
validate10.errors = [{instancePath:instancePath+"/parts/modules/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parts/properties/modules/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/modules/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parts/properties/modules/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs23 === errors;
if(!valid3){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/modules",schemaPath:"#/properties/parts/properties/modules/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.packages !== undefined){
let data11 = data3.packages;
const _errs25 = errors;
if(errors === _errs25){
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key4 in data11){
const _errs28 = errors;
if(typeof data11[key4] !== "string"){
validate10.errors = [{instancePath:instancePath+"/parts/packages/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parts/properties/packages/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs28 === errors;
if(!valid4){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/packages",schemaPath:"#/properties/parts/properties/packages/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs25 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.params !== undefined){
let data13 = data3.params;
const _errs30 = errors;
if(!(data13 && typeof data13 == "object" && !Array.isArray(data13))){
validate10.errors = [{instancePath:instancePath+"/parts/params",schemaPath:"#/properties/parts/properties/params/type",keyword:"type",params:{type: "object"}}];
return false;
}
var valid1 = _errs30 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.inputs !== undefined){
let data14 = data3.inputs;
const _errs32 = errors;
if(errors === _errs32){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key5 in data14){
let data15 = data14[key5];
const _errs35 = errors;
if(((typeof data15 !== "string") && (data15 !== null)) && (!(data15 && typeof data15 == "object" && !Array.isArray(data15)))){
validate10.errors = [{instancePath:instancePath+"/parts/inputs/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parts/properties/inputs/additionalProperties/type",keyword:"type",params:{type: schema11.properties.parts.properties.inputs.additionalProperties.type}}];
return false;
}
if(errors === _errs35){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
for(const key6 in data15){
const _errs38 = errors;
if(typeof data15[key6] !== "string"){
validate10.errors = [{instancePath:instancePath+"/parts/inputs/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parts/properties/inputs/additionalProperties/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs38 === errors;
if(!valid6){
break;
}
}
}
}
var valid5 = _errs35 === errors;
if(!valid5){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/inputs",schemaPath:"#/properties/parts/properties/inputs/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs32 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.seed !== undefined){
let data17 = data3.seed;
const _errs40 = errors;
if((!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))) && (data17 !== null)){
validate10.errors = [{instancePath:instancePath+"/parts/seed",schemaPath:"#/properties/parts/properties/seed/type",keyword:"type",params:{type: schema11.properties.parts.properties.seed.type}}];
return false;
}
var valid1 = _errs40 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.outputs !== undefined){
let data18 = data3.outputs;
const _errs42 = errors;
if(errors === _errs42){
if(Array.isArray(data18)){
var valid7 = true;
const len0 = data18.length;
for(let i0=0; i0<len0; i0++){
let data19 = data18[i0];
const _errs44 = errors;
if(errors === _errs44){
if(typeof data19 === "string"){
if(!pattern4.test(data19)){
validate10.errors = [{instancePath:instancePath+"/parts/outputs/" + i0,schemaPath:"#/properties/parts/properties/outputs/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/outputs/" + i0,schemaPath:"#/properties/parts/properties/outputs/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid7 = _errs44 === errors;
if(!valid7){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/outputs",schemaPath:"#/properties/parts/properties/outputs/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid1 = _errs42 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.env !== undefined){
let data20 = data3.env;
const _errs46 = errors;
if(errors === _errs46){
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
for(const key7 in data20){
let data21 = data20[key7];
const _errs49 = errors;
if((typeof data21 !== "string") && (data21 !== null)){
validate10.errors = [{instancePath:instancePath+"/parts/env/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/parts/properties/env/additionalProperties/type",keyword:"type",params:{type: schema11.properties.parts.properties.env.additionalProperties.type}}];
return false;
}
var valid8 = _errs49 === errors;
if(!valid8){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts/env",schemaPath:"#/properties/parts/properties/env/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs46 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stage !== undefined){
const _errs51 = errors;
if(typeof data.stage !== "string"){
validate10.errors = [{instancePath:instancePath+"/stage",schemaPath:"#/properties/stage/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs51 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.outputs !== undefined){
let data23 = data.outputs;
const _errs53 = errors;
if(errors === _errs53){
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key8 in data23){
const _errs55 = errors;
if(typeof key8 === "string"){
if(!pattern4.test(key8)){
const err0 = {instancePath:instancePath+"/outputs",schemaPath:"#/properties/outputs/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key8};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var valid9 = _errs55 === errors;
if(!valid9){
const err1 = {instancePath:instancePath+"/outputs",schemaPath:"#/properties/outputs/propertyNames",keyword:"propertyNames",params:{propertyName: key8}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate10.errors = vErrors;
return false;
break;
}
}
if(valid9){
for(const key9 in data23){
let data24 = data23[key9];
const _errs57 = errors;
if(errors === _errs57){
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
let missing3;
if(((((data24.kind === undefined) && (missing3 = "kind")) || ((data24.digest === undefined) && (missing3 = "digest"))) || ((data24.files === undefined) && (missing3 = "files"))) || ((data24.bytes === undefined) && (missing3 = "bytes"))){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/outputs/additionalProperties/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
const _errs59 = errors;
for(const key10 in data24){
if(!((((key10 === "kind") || (key10 === "digest")) || (key10 === "files")) || (key10 === "bytes"))){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/outputs/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10}}];
return false;
break;
}
}
if(_errs59 === errors){
if(data24.kind !== undefined){
let data25 = data24.kind;
const _errs60 = errors;
if(!((data25 === "file") || (data25 === "folder"))){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/kind",schemaPath:"#/properties/outputs/additionalProperties/properties/kind/enum",keyword:"enum",params:{allowedValues: schema11.properties.outputs.additionalProperties.properties.kind.enum}}];
return false;
}
var valid11 = _errs60 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data24.digest !== undefined){
let data26 = data24.digest;
const _errs61 = errors;
if(errors === _errs61){
if(typeof data26 === "string"){
if(!pattern0.test(data26)){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/digest",schemaPath:"#/properties/outputs/additionalProperties/properties/digest/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/digest",schemaPath:"#/properties/outputs/additionalProperties/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid11 = _errs61 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data24.files !== undefined){
let data27 = data24.files;
const _errs63 = errors;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/files",schemaPath:"#/properties/outputs/additionalProperties/properties/files/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs63){
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 < 0 || isNaN(data27)){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/files",schemaPath:"#/properties/outputs/additionalProperties/properties/files/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid11 = _errs63 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data24.bytes !== undefined){
let data28 = data24.bytes;
const _errs65 = errors;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/bytes",schemaPath:"#/properties/outputs/additionalProperties/properties/bytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs65){
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 < 0 || isNaN(data28)){
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/bytes",schemaPath:"#/properties/outputs/additionalProperties/properties/bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid11 = _errs65 === errors;
}
else {
var valid11 = true;
}
}
}
}
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/outputs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/outputs/additionalProperties/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid10 = _errs57 === errors;
if(!valid10){
break;
}
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/outputs",schemaPath:"#/properties/outputs/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs53 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metrics !== undefined){
let data29 = data.metrics;
const _errs67 = errors;
if(errors === _errs67){
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
for(const key11 in data29){
let data30 = data29[key11];
const _errs70 = errors;
if(!((typeof data30 == "number") && (isFinite(data30)))){
validate10.errors = [{instancePath:instancePath+"/metrics/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metrics/additionalProperties/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid12 = _errs70 === errors;
if(!valid12){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/metrics",schemaPath:"#/properties/metrics/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs67 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.facts !== undefined){
let data31 = data.facts;
const _errs72 = errors;
if(!(data31 && typeof data31 == "object" && !Array.isArray(data31))){
validate10.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/type",keyword:"type",params:{type: "object"}}];
return false;
}
var valid0 = _errs72 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.warnings !== undefined){
let data32 = data.warnings;
const _errs74 = errors;
if(errors === _errs74){
if(Array.isArray(data32)){
var valid13 = true;
const len1 = data32.length;
for(let i1=0; i1<len1; i1++){
const _errs76 = errors;
if(typeof data32[i1] !== "string"){
validate10.errors = [{instancePath:instancePath+"/warnings/" + i1,schemaPath:"#/properties/warnings/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid13 = _errs76 === errors;
if(!valid13){
break;
}
}
}
else {
validate10.errors = [{instancePath:instancePath+"/warnings",schemaPath:"#/properties/warnings/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs74 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data34 = data.log;
const _errs78 = errors;
if((typeof data34 !== "string") && (data34 !== null)){
validate10.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: schema11.properties.log.type}}];
return false;
}
if(errors === _errs78){
if(typeof data34 === "string"){
if(!pattern0.test(data34)){
validate10.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
}
var valid0 = _errs78 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.run !== undefined){
const _errs80 = errors;
if(typeof data.run !== "string"){
validate10.errors = [{instancePath:instancePath+"/run",schemaPath:"#/properties/run/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs80 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.startedAt !== undefined){
const _errs82 = errors;
if(typeof data.startedAt !== "string"){
validate10.errors = [{instancePath:instancePath+"/startedAt",schemaPath:"#/properties/startedAt/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs82 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.ms !== undefined){
let data37 = data.ms;
const _errs84 = errors;
if(errors === _errs84){
if((typeof data37 == "number") && (isFinite(data37))){
if(data37 < 0 || isNaN(data37)){
validate10.errors = [{instancePath:instancePath+"/ms",schemaPath:"#/properties/ms/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/ms",schemaPath:"#/properties/ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs84 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate10.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate10.errors = vErrors;
return errors === 0;
}

