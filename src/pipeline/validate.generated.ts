// Made by `npm run schemas`: not to be edited.
// @ts-nocheck
// biome-ignore-all format lint assist: made by a program
export const validate = validate10;
export default validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"a map with name, params, stages","description":"A bloodline pipeline: stages that make artifacts from artifacts.","type":"object","properties":{"name":{"type":"string","title":"a text","description":"For people.","pattern":"\\S"},"seed":{"type":"integer","title":"a whole number from 0 up","description":"Each stage that draws gets a seed made of this one and its name.","minimum":0,"default":0},"params":{"type":"object","title":"a map of values","description":"Every knob that a profile or --param may turn; used in stages as \"${name}\".","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"profiles":{"type":"object","title":"a map of profiles","description":"bloodline run --profile NAME: other values for some params.","additionalProperties":{"type":"object","title":"a map of values for params"}},"gates":{"type":"object","title":"a map of gates","description":"What the metrics of a run must be for it to end with exit code 0; else it is 4.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with stage, metric and a limit","properties":{"stage":{"type":"string","title":"a stage","description":"A stage or one of its instances; of the instances of a matrix the best counts."},"metric":{"type":"string","title":"the name of a metric","pattern":"\\S"},"min":{"type":"number","title":"a number","description":"It must be at least this."},"max":{"type":"number","title":"a number","description":"It must be at most this."},"max-drop":{"type":"number","title":"a number from 0 up","description":"So much worse than the champion it may be, for a metric of which more is better.","minimum":0}},"required":["stage","metric"],"additionalProperties":false}},"schedules":{"type":"object","title":"a map of schedules","description":"bloodline run --if-due NAME: runs when it is time.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with cron","properties":{"cron":{"type":"string","title":"a cron pattern such as \"0 2 * * *\""},"timezone":{"type":"string","title":"a time zone such as Europe/Berlin","description":"Default: UTC."},"profile":{"type":"string","title":"the name of a profile"},"catch-up":{"enum":["last","none","all"],"title":"last, none or all","description":"Times that were missed: run once for the last (default), not at all, or once for each."},"overlap":{"enum":["refuse","queue"],"title":"refuse or queue","description":"Where the one before still runs: do nothing (default), or wait for its end."}},"required":["cron"],"additionalProperties":false}},"stages":{"type":"object","title":"a map of stages","minProperties":1,"propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with run or command","description":"One step: a TypeScript file (run) or any program (command).","properties":{"run":{"type":"string","title":"the path of a TypeScript file","description":"The stage’s TypeScript file, relative to the pipeline file.","pattern":"\\S"},"command":{"type":["array","string"],"title":"a list of texts (program and arguments) or one text for the shell","description":"A list is started as it is, after ${inputs.x}, ${outputs.y}, ${params.z} and pipeline params are filled in. A text goes to sh -c unchanged; it finds BLOODLINE_INPUT_X and BLOODLINE_OUTPUT_Y in its environment.","items":{"type":["string","number","boolean"],"title":"a text"},"minItems":1,"pattern":"\\S"},"sources":{"type":"array","title":"a list of texts","items":{"type":"string","title":"a text"},"description":"Globs of the files that are the command’s code: a change in one runs it again."},"inputs":{"type":"object","title":"a map of inputs","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["string","null","object"],"title":"stage.output, { path: … }, { url: …, digest: … } or null","properties":{"path":{"type":["string","null"],"title":"a path","description":"Your own file or folder, relative to the pipeline file; hashed by content. null: absent."},"url":{"type":"string","title":"an http(s) address"},"digest":{"type":"string","title":"\"sha256:…\" or \"md5:…\"","description":"sha256:<64 hex> or md5:<32 hex>"}},"additionalProperties":false}},"outputs":{"type":"array","title":"a list of names","description":"What a command makes: each a file or a folder at the path handed over.","minItems":1,"items":{"type":"string","title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"params":{"type":"object","title":"a map of values","description":"A value of just \"${param}\" keeps the type of the pipeline’s param."},"matrix":{"type":"object","title":"a map of axes, each a list of values","description":"One instance of the stage for each combination. Inputs join on shared axes and fan in over the others.","minProperties":1,"propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["array","string"],"title":"a list of values, or \"${param}\"","pattern":"^\\$\\{[^}]+\\}$","items":{"type":["string","number","boolean"],"title":"a text, number, true or false"}}},"resources":{"type":"object","title":"a map of amounts","description":"Slots that it takes while it runs, such as gpu: 1 or cpu: 4.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["number","string"],"title":"a number from 0 up, or \"${param}\"","minimum":0,"pattern":"^\\$\\{[^}]+\\}$"}},"timeout":{"type":["number","string"],"title":"seconds, or a time such as 90s, 30m, 2h","exclusiveMinimum":0,"pattern":"^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$"},"retries":{"type":["integer","string"],"title":"a whole number from 0 up, or \"${param}\"","description":"How often a failed attempt is made again.","minimum":0,"pattern":"^\\$\\{[^}]+\\}$"},"env":{"type":"array","title":"a list of names of environment variables","description":"Variables that reach the stage, and its key; it sees no others of yours.","items":{"type":"string","title":"the name of an environment variable","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}}},"additionalProperties":false,"dependencies":{"sources":["command"],"outputs":["command"],"command":["outputs"]}}}},"required":["stages"],"additionalProperties":false};
const pattern0 = new RegExp("\\S", "u");
const pattern1 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_-]*$", "u");
const pattern11 = new RegExp("^\\$\\{[^}]+\\}$", "u");
const pattern14 = new RegExp("^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$", "u");
const pattern16 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
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
if(!(((((((key0 === "name") || (key0 === "seed")) || (key0 === "params")) || (key0 === "profiles")) || (key0 === "gates")) || (key0 === "schedules")) || (key0 === "stages"))){
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
if(data.gates !== undefined){
let data5 = data.gates;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
const _errs16 = errors;
if(typeof key3 === "string"){
if(!pattern1.test(key3)){
const err11 = {instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
var valid3 = _errs16 === errors;
if(!valid3){
const err12 = {instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/propertyNames",keyword:"propertyNames",params:{propertyName: key3}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
for(const key4 in data5){
let data6 = data5[key4];
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.stage === undefined){
const err13 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/required",keyword:"required",params:{missingProperty: "stage"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data6.metric === undefined){
const err14 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/required",keyword:"required",params:{missingProperty: "metric"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
for(const key5 in data6){
if(!(((((key5 === "stage") || (key5 === "metric")) || (key5 === "min")) || (key5 === "max")) || (key5 === "max-drop"))){
const err15 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data6.stage !== undefined){
if(typeof data6.stage !== "string"){
const err16 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/stage",schemaPath:"#/properties/gates/additionalProperties/properties/stage/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data6.metric !== undefined){
let data8 = data6.metric;
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
const err17 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/metric",schemaPath:"#/properties/gates/additionalProperties/properties/metric/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/metric",schemaPath:"#/properties/gates/additionalProperties/properties/metric/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data6.min !== undefined){
let data9 = data6.min;
if(!((typeof data9 == "number") && (isFinite(data9)))){
const err19 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/min",schemaPath:"#/properties/gates/additionalProperties/properties/min/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data6.max !== undefined){
let data10 = data6.max;
if(!((typeof data10 == "number") && (isFinite(data10)))){
const err20 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/max",schemaPath:"#/properties/gates/additionalProperties/properties/max/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data6["max-drop"] !== undefined){
let data11 = data6["max-drop"];
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
const err21 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/max-drop",schemaPath:"#/properties/gates/additionalProperties/properties/max-drop/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/max-drop",schemaPath:"#/properties/gates/additionalProperties/properties/max-drop/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/type",keyword:"type",params:{type: "object"}};
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
else {
const err24 = {instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.schedules !== undefined){
let data12 = data.schedules;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key6 in data12){
const _errs33 = errors;
if(typeof key6 === "string"){
if(!pattern1.test(key6)){
const err25 = {instancePath:instancePath+"/schedules",schemaPath:"#/properties/schedules/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
var valid6 = _errs33 === errors;
if(!valid6){
const err26 = {instancePath:instancePath+"/schedules",schemaPath:"#/properties/schedules/propertyNames",keyword:"propertyNames",params:{propertyName: key6}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
for(const key7 in data12){
let data13 = data12[key7];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.cron === undefined){
const err27 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/schedules/additionalProperties/required",keyword:"required",params:{missingProperty: "cron"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key8 in data13){
if(!(((((key8 === "cron") || (key8 === "timezone")) || (key8 === "profile")) || (key8 === "catch-up")) || (key8 === "overlap"))){
const err28 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/schedules/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data13.cron !== undefined){
if(typeof data13.cron !== "string"){
const err29 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/cron",schemaPath:"#/properties/schedules/additionalProperties/properties/cron/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data13.timezone !== undefined){
if(typeof data13.timezone !== "string"){
const err30 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/timezone",schemaPath:"#/properties/schedules/additionalProperties/properties/timezone/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data13.profile !== undefined){
if(typeof data13.profile !== "string"){
const err31 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/profile",schemaPath:"#/properties/schedules/additionalProperties/properties/profile/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data13["catch-up"] !== undefined){
let data17 = data13["catch-up"];
if(!(((data17 === "last") || (data17 === "none")) || (data17 === "all"))){
const err32 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/catch-up",schemaPath:"#/properties/schedules/additionalProperties/properties/catch-up/enum",keyword:"enum",params:{allowedValues: schema11.properties.schedules.additionalProperties.properties["catch-up"].enum}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data13.overlap !== undefined){
let data18 = data13.overlap;
if(!((data18 === "refuse") || (data18 === "queue"))){
const err33 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/overlap",schemaPath:"#/properties/schedules/additionalProperties/properties/overlap/enum",keyword:"enum",params:{allowedValues: schema11.properties.schedules.additionalProperties.properties.overlap.enum}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/schedules/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
}
else {
const err35 = {instancePath:instancePath+"/schedules",schemaPath:"#/properties/schedules/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data.stages !== undefined){
let data19 = data.stages;
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
if(Object.keys(data19).length < 1){
const err36 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
for(const key9 in data19){
const _errs48 = errors;
if(typeof key9 === "string"){
if(!pattern1.test(key9)){
const err37 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key9};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
var valid9 = _errs48 === errors;
if(!valid9){
const err38 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/propertyNames",keyword:"propertyNames",params:{propertyName: key9}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
for(const key10 in data19){
let data20 = data19[key10];
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
for(const key11 in data20){
if(!(func2.call(schema11.properties.stages.additionalProperties.properties, key11))){
const err39 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data20.sources !== undefined){
if(data20.command === undefined){
const err40 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "sources",
    missingProperty: "command",
    depsCount: 1,
    deps: "command"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data20.outputs !== undefined){
if(data20.command === undefined){
const err41 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "outputs",
    missingProperty: "command",
    depsCount: 1,
    deps: "command"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data20.command !== undefined){
if(data20.outputs === undefined){
const err42 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "command",
    missingProperty: "outputs",
    depsCount: 1,
    deps: "outputs"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data20.run !== undefined){
let data21 = data20.run;
if(typeof data21 === "string"){
if(!pattern0.test(data21)){
const err43 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/run",schemaPath:"#/properties/stages/additionalProperties/properties/run/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/run",schemaPath:"#/properties/stages/additionalProperties/properties/run/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data20.command !== undefined){
let data22 = data20.command;
if((!(Array.isArray(data22))) && (typeof data22 !== "string")){
const err45 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.command.type}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(typeof data22 === "string"){
if(!pattern0.test(data22)){
const err46 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(Array.isArray(data22)){
if(data22.length < 1){
const err47 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
const len0 = data22.length;
for(let i0=0; i0<len0; i0++){
let data23 = data22[i0];
if(((typeof data23 !== "string") && (!((typeof data23 == "number") && (isFinite(data23))))) && (typeof data23 !== "boolean")){
const err48 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/command/" + i0,schemaPath:"#/properties/stages/additionalProperties/properties/command/items/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.command.items.type}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
}
}
if(data20.sources !== undefined){
let data24 = data20.sources;
if(Array.isArray(data24)){
const len1 = data24.length;
for(let i1=0; i1<len1; i1++){
if(typeof data24[i1] !== "string"){
const err49 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/sources/" + i1,schemaPath:"#/properties/stages/additionalProperties/properties/sources/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/sources",schemaPath:"#/properties/stages/additionalProperties/properties/sources/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data20.inputs !== undefined){
let data26 = data20.inputs;
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
for(const key12 in data26){
const _errs65 = errors;
if(typeof key12 === "string"){
if(!pattern1.test(key12)){
const err51 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key12};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
var valid17 = _errs65 === errors;
if(!valid17){
const err52 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/propertyNames",keyword:"propertyNames",params:{propertyName: key12}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
for(const key13 in data26){
let data27 = data26[key13];
if(((typeof data27 !== "string") && (data27 !== null)) && (!(data27 && typeof data27 == "object" && !Array.isArray(data27)))){
const err53 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key13.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.inputs.additionalProperties.type}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
for(const key14 in data27){
if(!(((key14 === "path") || (key14 === "url")) || (key14 === "digest"))){
const err54 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key13.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data27.path !== undefined){
let data28 = data27.path;
if((typeof data28 !== "string") && (data28 !== null)){
const err55 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/path",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/path/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.inputs.additionalProperties.properties.path.type}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data27.url !== undefined){
if(typeof data27.url !== "string"){
const err56 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/url",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/url/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data27.digest !== undefined){
if(typeof data27.digest !== "string"){
const err57 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/digest",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/digest/type",keyword:"type",params:{type: "string"}};
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
}
}
else {
const err58 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data20.outputs !== undefined){
let data31 = data20.outputs;
if(Array.isArray(data31)){
if(data31.length < 1){
const err59 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs",schemaPath:"#/properties/stages/additionalProperties/properties/outputs/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
const len2 = data31.length;
for(let i2=0; i2<len2; i2++){
let data32 = data31[i2];
if(typeof data32 === "string"){
if(!pattern1.test(data32)){
const err60 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs/" + i2,schemaPath:"#/properties/stages/additionalProperties/properties/outputs/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs/" + i2,schemaPath:"#/properties/stages/additionalProperties/properties/outputs/items/type",keyword:"type",params:{type: "string"}};
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
const err62 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs",schemaPath:"#/properties/stages/additionalProperties/properties/outputs/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data20.params !== undefined){
let data33 = data20.params;
if(!(data33 && typeof data33 == "object" && !Array.isArray(data33))){
const err63 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/params",schemaPath:"#/properties/stages/additionalProperties/properties/params/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data20.matrix !== undefined){
let data34 = data20.matrix;
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
if(Object.keys(data34).length < 1){
const err64 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
for(const key15 in data34){
const _errs84 = errors;
if(typeof key15 === "string"){
if(!pattern1.test(key15)){
const err65 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key15};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
var valid22 = _errs84 === errors;
if(!valid22){
const err66 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/propertyNames",keyword:"propertyNames",params:{propertyName: key15}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
for(const key16 in data34){
let data35 = data34[key16];
if((!(Array.isArray(data35))) && (typeof data35 !== "string")){
const err67 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key16.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.matrix.additionalProperties.type}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(typeof data35 === "string"){
if(!pattern11.test(data35)){
const err68 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key16.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(Array.isArray(data35)){
const len3 = data35.length;
for(let i3=0; i3<len3; i3++){
let data36 = data35[i3];
if(((typeof data36 !== "string") && (!((typeof data36 == "number") && (isFinite(data36))))) && (typeof data36 !== "boolean")){
const err69 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i3,schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/items/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.matrix.additionalProperties.items.type}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
}
}
}
else {
const err70 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data20.resources !== undefined){
let data37 = data20.resources;
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
for(const key17 in data37){
const _errs92 = errors;
if(typeof key17 === "string"){
if(!pattern1.test(key17)){
const err71 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key17};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
var valid26 = _errs92 === errors;
if(!valid26){
const err72 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/propertyNames",keyword:"propertyNames",params:{propertyName: key17}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
for(const key18 in data37){
let data38 = data37[key18];
if((!((typeof data38 == "number") && (isFinite(data38)))) && (typeof data38 !== "string")){
const err73 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key18.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.resources.additionalProperties.type}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if((typeof data38 == "number") && (isFinite(data38))){
if(data38 < 0 || isNaN(data38)){
const err74 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key18.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(typeof data38 === "string"){
if(!pattern11.test(data38)){
const err75 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key18.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
}
else {
const err76 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data20.timeout !== undefined){
let data39 = data20.timeout;
if((!((typeof data39 == "number") && (isFinite(data39)))) && (typeof data39 !== "string")){
const err77 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.timeout.type}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if((typeof data39 == "number") && (isFinite(data39))){
if(data39 <= 0 || isNaN(data39)){
const err78 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(typeof data39 === "string"){
if(!pattern14.test(data39)){
const err79 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/pattern",keyword:"pattern",params:{pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
}
if(data20.retries !== undefined){
let data40 = data20.retries;
if((!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))) && (typeof data40 !== "string")){
const err80 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.retries.type}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 < 0 || isNaN(data40)){
const err81 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(typeof data40 === "string"){
if(!pattern11.test(data40)){
const err82 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
}
if(data20.env !== undefined){
let data41 = data20.env;
if(Array.isArray(data41)){
const len4 = data41.length;
for(let i4=0; i4<len4; i4++){
let data42 = data41[i4];
if(typeof data42 === "string"){
if(!pattern16.test(data42)){
const err83 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/env/" + i4,schemaPath:"#/properties/stages/additionalProperties/properties/env/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/env/" + i4,schemaPath:"#/properties/stages/additionalProperties/properties/env/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
else {
const err85 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1")+"/env",schemaPath:"#/properties/stages/additionalProperties/properties/env/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
else {
const err86 = {instancePath:instancePath+"/stages/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
}
else {
const err87 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
}
else {
const err88 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

