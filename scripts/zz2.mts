import * as ort from 'onnxruntime-node';
import { OnnxRuntimeBackend } from '../plugins/backends/onnxruntime/index.js';
import { GenerateEngine } from '../core/runtime/generate-engine.js';
import { randomModel, randomRow } from './bench/random-model.js';
import { SHAPES } from './bench/shapes.js';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
const [fmt,b]=[process.argv[2] as any,Number(process.argv[3])];
const create=ort.InferenceSession.create.bind(ort.InferenceSession);
let k=0; const ses:any[]=[];
(ort.InferenceSession as any).create=async(m:any,o:any)=>{const s=await create(m,{...o,enableProfiling:true,profileFilePrefix:'/tmp/prof_'+(k++)});ses.push(s);return s;};
const backend=new OnnxRuntimeBackend();
const t={...SHAPES['smollm2-135m'],num_hidden_layers:4};
const eng=new GenerateEngine(backend,randomModel(t as any,fmt));
const {input_ids}=randomRow(t as any,512);
await eng.start(Array(b).fill([...input_ids]),40);
for(let i=0;i<20;i++) await eng.next(Array(b).fill(1));
for(const s of ses) s.endProfiling();
await new Promise(r=>setTimeout(r,300));
for(const f of readdirSync('/tmp').filter(f=>f.startsWith('prof_'))){
 const ev=JSON.parse(readFileSync('/tmp/'+f,'utf8')).filter((e:any)=>e.cat==='Node'&&e.name.endsWith('_kernel_time'));
 rmSync('/tmp/'+f);
 const m=new Map<string,[number,number]>();
 for(const e of ev){const key=e.args.op_name+' '+JSON.stringify(e.args.input_type_shape?.slice(0,2).map((x:any)=>Object.values(x)[0]));const s=m.get(key)??[0,0];s[0]+=e.dur;s[1]++;m.set(key,s);}
 const tot=[...m.values()].reduce((s,[d])=>s+d,0);
 if(!ev.some((e:any)=>e.args.op_name==='GroupQueryAttention')) continue;
 console.log(f,tot); for(const [key,[d,n]] of [...m].sort((a,b)=>b[1][0]-a[1][0]).slice(0,9)) console.log('  ',key,(d/n).toFixed(0),'us x',n);
 if(ev.length>400&&process.argv[4]!=='all') break;
}
